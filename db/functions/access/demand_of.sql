-- What one may not see does not exist: the words are those that a wrong id gets.
create or replace function app_hidden.demand_of(p_role app_public.member_role, p_workspace_id uuid, p_not_found text)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_role app_public.member_role;
begin
  if not app_hidden.is_asked() or p_workspace_id = any (app_hidden.workspaces_as(p_role)) then
    return;
  end if;
  v_role := app_hidden.role_in(p_workspace_id);
  if v_role is null then
    raise exception '%', p_not_found using errcode = 'NTFND';
  end if;
  raise exception 'this takes the role %, yours is %', p_role, v_role using errcode = 'FRBDN';
end;
$$;

revoke all on function app_hidden.demand_of(app_public.member_role, uuid, text) from public;
comment on function app_hidden.demand_of(app_public.member_role, uuid, text) is
  'Raises NTFND, in the words given, unless the caller sees the workspace; FRBDN unless they hold the role in it.';
