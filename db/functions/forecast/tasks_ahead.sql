create or replace function app_hidden.tasks_ahead(p_service app_public.email_services, p_task app_public.tasks, p_now timestamptz)
returns integer
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select count(*)::integer
    from app_public.tasks t
   where t.status in ('queued', 'sending') and t.priority > p_task.priority
     and app_hidden.service_may_send(p_service, t)
     and app_hidden.first_waiting(t.id, app_hidden.open_lanes(p_service, p_now)) <= p_now;
$$;

revoke all on function app_hidden.tasks_ahead(app_public.email_services, app_public.tasks, timestamptz) from public;
comment on function app_hidden.tasks_ahead(app_public.email_services, app_public.tasks, timestamptz) is
  'How many Tasks of higher priority have something for a service now.';
