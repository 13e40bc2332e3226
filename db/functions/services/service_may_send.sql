create or replace function app_hidden.service_may_send(p_service app_public.email_services, p_task app_public.tasks)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return (p_task.email_service_id is null or p_task.email_service_id = p_service.id) and app_hidden.service_serves(p_service, p_task.workspace_id);
end;
$$;

revoke all on function app_hidden.service_may_send(app_public.email_services, app_public.tasks) from public;
comment on function app_hidden.service_may_send(app_public.email_services, app_public.tasks) is
  'Whether a Task may be sent by a service: its workspace may use it, and the Task is bound to no other.';
