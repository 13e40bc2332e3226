create or replace function app_hidden.require_workspace(p_workspace_id uuid)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if not exists (select from app_public.workspaces where id = p_workspace_id) then
    raise exception 'workspaceId: there is no workspace %', p_workspace_id using errcode = 'NTFND';
  end if;
end;
$$;

revoke all on function app_hidden.require_workspace(uuid) from public;
comment on function app_hidden.require_workspace(uuid) is
  'Raises NTFND unless there is such a workspace.';
