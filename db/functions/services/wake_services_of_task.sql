create or replace function app_private.wake_services_of_task(p_task_id uuid)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select app_hidden.wake_services_of(workspace_id) from app_public.tasks where id = p_task_id and status in ('queued', 'sending');
$$;

revoke all on function app_private.wake_services_of_task(uuid) from public;
grant execute on function app_private.wake_services_of_task(uuid) to postilion_worker;
comment on function app_private.wake_services_of_task(uuid) is 'Wakes the services that a Task under way may use, after rows of it became pending.';
