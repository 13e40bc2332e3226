create or replace function app_public.remove_member(p_workspace_id uuid, p_user_id uuid)
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
  delete from app_public.memberships where workspace_id = p_workspace_id and user_id = p_user_id;
  return v_membership;
end;
$$;

revoke all on function app_public.remove_member(uuid, uuid) from public;
grant execute on function app_public.remove_member(uuid, uuid) to postilion_user, postilion_admin;
comment on function app_public.remove_member(uuid, uuid) is 'Ends a membership. Raises FRBDN for the last manager, unless an admin asks.';
