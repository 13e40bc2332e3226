-- Between the look at the password and this one a second passes, or many where others wait: a password that was changed meanwhile, by whoever
-- feared that it was known, begins no session any more. Its row is locked, so the change comes before, or ends what began here.
create or replace function app_private.complete_sign_in(p_user_id uuid, p_password_hash text, p_refresh_hash bytea)
returns app_private.session_claims
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_email text;
begin
  -- Locked, so that a session can't begin while its user is being disabled.
  select email into v_email from app_public.users where id = p_user_id and not is_disabled for share;
  perform from app_private.passwords where user_id = p_user_id and v_email is not null and hash = p_password_hash for share;
  if not found then
    raise exception 'the address or the password is wrong' using errcode = 'AUTHN';
  end if;
  delete from app_private.sign_in_attempts where account = app_hidden.account_key(v_email);
  return app_hidden.begin_session(p_user_id, p_refresh_hash);
end;
$$;

revoke all on function app_private.complete_sign_in(uuid, text, bytea) from public;
grant execute on function app_private.complete_sign_in(uuid, text, bytea) to postilion_authenticator;
comment on function app_private.complete_sign_in(uuid, text, bytea) is
  'Begins a session for who has shown the password with this hash, and forgets their failed attempts. Raises AUTHN when the user is gone or disabled, or has another password by now.';
