create or replace function app_private.create_user(p_email text, p_name text, p_password_hash text, p_is_admin boolean)
returns app_public.users
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_user app_public.users;
begin
  if app_hidden.is_address(p_email) is not true then
    raise exception 'email: expected a mail address' using errcode = 'BADIN';
  end if;
  insert into app_public.users (email, name, is_admin) values (lower(btrim(p_email)), p_name, p_is_admin)
      on conflict (email) do nothing
  returning * into v_user;
  if not found then
    raise exception 'email: there is a user with this address already' using errcode = 'BADIN';
  end if;
  if p_password_hash is not null then
    insert into app_private.passwords (user_id, hash, changed_at) values (v_user.id, p_password_hash, app_hidden.current_time());
  end if;
  return v_user;
end;
$$;

revoke all on function app_private.create_user(text, text, text, boolean) from public;
grant execute on function app_private.create_user(text, text, text, boolean) to postilion_authenticator;
comment on function app_private.create_user(text, text, text, boolean) is
  'Creates a user; the hash is null for one who signs in elsewhere. Raises BADIN, naming the field, for an address that is none or is taken.';
