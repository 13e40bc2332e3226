-- An admin may leave a workspace without a manager. All its managers are locked, in the order of their ids: of two who demote each other the
-- second sees what the first did.
create or replace function app_hidden.lock_member(p_workspace_id uuid, p_user_id uuid)
returns app_public.memberships
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_membership app_public.memberships;
  v_managers uuid[];
begin
  v_managers := array(
    select user_id from app_public.memberships where workspace_id = p_workspace_id and role = 'manager' order by user_id for update);
  select * into v_membership from app_public.memberships where workspace_id = p_workspace_id and user_id = p_user_id for update;
  if not found then
    raise exception 'userId: the workspace has no member %', p_user_id using errcode = 'NTFND';
  end if;
  if app_hidden.is_asked() and v_managers = array[p_user_id] then
    raise exception 'userId: the last manager of a workspace stays one, unless an admin decides otherwise' using errcode = 'FRBDN';
  end if;
  return v_membership;
end;
$$;

revoke all on function app_hidden.lock_member(uuid, uuid) from public;
comment on function app_hidden.lock_member(uuid, uuid) is
  'Locks a membership that is to change, and reads it. Raises NTFND, or FRBDN where a manager would leave a workspace without one.';
