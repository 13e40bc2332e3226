-- All admins are locked, in the order of their ids: of two who disable each other the second sees what the first did.
create or replace function app_hidden.lock_user(p_user_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_admins uuid[];
begin
  v_admins := array(select id from app_public.users where is_admin and not is_disabled order by id for no key update);
  perform app_hidden.require_user(p_user_id);
  if v_admins = array[p_user_id] then
    raise exception 'userId: the last admin stays one' using errcode = 'BADIN';
  end if;
end;
$$;

revoke all on function app_hidden.lock_user(uuid) from public;
comment on function app_hidden.lock_user(uuid) is
  'Locks a user who is to lose rights. Raises NTFND; BADIN for the last admin, without whom nobody could run the installation.';
