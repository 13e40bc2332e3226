create or replace function app_public.tasks_statistics_drift(p_task app_public.tasks)
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select coalesce(sum(abs(counted - kept)), 0)::integer from app_hidden.drift_of(p_task.id);
$$;

revoke all on function app_public.tasks_statistics_drift(app_public.tasks) from public;
grant execute on function app_public.tasks_statistics_drift(app_public.tasks) to postilion_admin;
comment on function app_public.tasks_statistics_drift(app_public.tasks) is
  'Sum of the absolute differences between the Task''s statistics, those by service included, and its rows. It should be 0; reads every row.';
