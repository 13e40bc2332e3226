create or replace function app_public.tasks_services(p_task app_public.tasks)
returns setof app_public.task_service
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id, s.name, s.interval_ms, count(st.sent_at)::integer, count(st.delivered_at)::integer, count(st.bounced_at)::integer,
         count(*) filter (where st.status = 'failed')::integer, count(*) filter (where st.status = 'uncertain')::integer,
         percentile_cont(0.5) within group (order by st.round_trip_ms)
    from app_public.sub_tasks st
    join app_public.email_services s on s.id = st.service_id
   where st.task_id = p_task.id and app_hidden.may_see_task(p_task.id)
   group by s.id
   order by s.name;
$$;

revoke all on function app_public.tasks_services(app_public.tasks) from public;
grant execute on function app_public.tasks_services(app_public.tasks) to postilion_user, postilion_admin;
comment on function app_public.tasks_services(app_public.tasks) is
  'What each service did for the Task, with the median of the provider''s answers in milliseconds. Reads every row.';
