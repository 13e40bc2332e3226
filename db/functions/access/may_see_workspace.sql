create or replace function app_hidden.may_see_workspace(p_workspace_id uuid)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  return not app_hidden.is_asked() or p_workspace_id = any (app_hidden.workspaces_as('viewer'));
end;
$$;

revoke all on function app_hidden.may_see_workspace(uuid) from public;
comment on function app_hidden.may_see_workspace(uuid) is 'Whether the caller may look at a workspace.';
