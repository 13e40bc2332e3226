create or replace function app_hidden.demand_task(p_role app_public.member_role, p_task_id uuid)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.demand_of(p_role, (select workspace_id from app_public.tasks where id = p_task_id), format('taskId: there is no task %s', p_task_id));
end;
$$;

revoke all on function app_hidden.demand_task(app_public.member_role, uuid) from public;
comment on function app_hidden.demand_task(app_public.member_role, uuid) is
  'Raises NTFND unless the caller sees the Task, FRBDN unless they hold the role in its workspace.';
