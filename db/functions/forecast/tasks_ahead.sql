-- Probes as in choose_task: scalar, in the order of the index.
create or replace function app_hidden.tasks_ahead(p_service app_public.email_services, p_task app_public.tasks, p_now timestamptz)
returns integer
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select count(*)::integer
    from app_public.tasks t
   where t.status in ('queued', 'sending') and t.priority > p_task.priority
     and app_hidden.service_serves(p_service, t.workspace_id)
     and (
       select true from app_public.sub_tasks st
        where st.task_id = t.id and st.phase = 'waiting' and st.available_at <= p_now
        order by st.available_at, st.position
        limit 1);
$$;

revoke all on function app_hidden.tasks_ahead(app_public.email_services, app_public.tasks, timestamptz) from public;
comment on function app_hidden.tasks_ahead(app_public.email_services, app_public.tasks, timestamptz) is
  'How many Tasks of higher priority have something for a service now.';
