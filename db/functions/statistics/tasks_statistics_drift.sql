create or replace function app_public.tasks_statistics_drift(p_task app_public.tasks)
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select coalesce(sum(abs(counted.value::bigint - coalesce(kept.value::bigint, 0))), 0)::integer
    from jsonb_each_text(to_jsonb(app_hidden.count_rows(p_task.id)) - 'task_id') as counted
    join jsonb_each_text(to_jsonb(app_hidden.counters_of(p_task.id)) - 'task_id') as kept using (key);
$$;

revoke all on function app_public.tasks_statistics_drift(app_public.tasks) from public;
grant execute on function app_public.tasks_statistics_drift(app_public.tasks) to postilion_admin;
comment on function app_public.tasks_statistics_drift(app_public.tasks) is
  'Sum of the absolute differences between the Task''s statistics and its rows. It should be 0; reads every row.';
