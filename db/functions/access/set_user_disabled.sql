create or replace function app_public.set_user_disabled(p_user_id uuid, p_is_disabled boolean)
returns app_public.users
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_user app_public.users;
begin
  perform app_hidden.require_user(p_user_id);
  if p_is_disabled then
    perform app_hidden.lock_user(p_user_id);
  end if;
  update app_public.users set is_disabled = p_is_disabled where id = p_user_id returning * into v_user;
  delete from app_private.sessions where user_id = p_user_id and p_is_disabled;
  return v_user;
end;
$$;

revoke all on function app_public.set_user_disabled(uuid, boolean) from public;
grant execute on function app_public.set_user_disabled(uuid, boolean) to postilion_admin;
comment on function app_public.set_user_disabled(uuid, boolean) is
  'Shuts a user out, at once and whatever they signed in to, or lets them in again. Raises BADIN for the last admin.';
