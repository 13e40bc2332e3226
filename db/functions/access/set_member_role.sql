create or replace function app_public.set_member_role(p_workspace_id uuid, p_user_id uuid, p_role app_public.member_role)
returns app_public.memberships
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_membership app_public.memberships;
begin
  perform app_hidden.demand('manager', p_workspace_id);
  v_membership := app_hidden.lock_member(p_workspace_id, p_user_id);
  update app_public.memberships set role = p_role where workspace_id = p_workspace_id and user_id = p_user_id returning * into v_membership;
  return v_membership;
end;
$$;

revoke all on function app_public.set_member_role(uuid, uuid, app_public.member_role) from public;
grant execute on function app_public.set_member_role(uuid, uuid, app_public.member_role) to postilion_user, postilion_admin;
comment on function app_public.set_member_role(uuid, uuid, app_public.member_role) is
  'Gives a member of a workspace another role. Raises FRBDN for the last manager, unless an admin asks.';
