create or replace function app_hidden.workspaces_as(p_role app_public.member_role)
returns uuid[]
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return array(select held.workspace_id from app_hidden.roles_held() as held where held.role >= p_role);
end;
$$;

revoke all on function app_hidden.workspaces_as(app_public.member_role) from public;
grant execute on function app_hidden.workspaces_as(app_public.member_role) to postilion_user;
comment on function app_hidden.workspaces_as(app_public.member_role) is
  'The workspaces in which the caller may what this role may. Policies compare with it, once a statement.';
