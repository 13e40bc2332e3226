create or replace function app_hidden.demand(p_role app_public.member_role, p_workspace_id uuid)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.demand_of(p_role, p_workspace_id, format('workspaceId: there is no workspace %s', p_workspace_id));
end;
$$;

revoke all on function app_hidden.demand(app_public.member_role, uuid) from public;
comment on function app_hidden.demand(app_public.member_role, uuid) is
  'Raises NTFND unless the caller sees the workspace, FRBDN unless they hold the role in it.';
