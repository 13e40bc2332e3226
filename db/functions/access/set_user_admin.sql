create or replace function app_public.set_user_admin(p_user_id uuid, p_is_admin boolean)
returns app_public.users
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_user app_public.users;
begin
  perform app_hidden.require_user(p_user_id);
  if not p_is_admin then
    perform app_hidden.lock_user(p_user_id);
  end if;
  update app_public.users set is_admin = p_is_admin where id = p_user_id returning * into v_user;
  return v_user;
end;
$$;

revoke all on function app_public.set_user_admin(uuid, boolean) from public;
grant execute on function app_public.set_user_admin(uuid, boolean) to postilion_admin;
comment on function app_public.set_user_admin(uuid, boolean) is 'Makes a user an admin, or one no longer. Raises BADIN for the last admin.';
