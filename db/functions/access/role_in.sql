create or replace function app_hidden.role_in(p_workspace_id uuid)
returns app_public.member_role
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return (select max(role) from unnest(enum_range(null::app_public.member_role)) as role where p_workspace_id = any (app_hidden.workspaces_as(role)));
end;
$$;

revoke all on function app_hidden.role_in(uuid) from public;
comment on function app_hidden.role_in(uuid) is 'What the caller may in a workspace; null: they do not see it.';
