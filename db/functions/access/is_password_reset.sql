-- Asked before a password is hashed, which is work on purpose: a token costs nothing to make up.
create or replace function app_private.is_password_reset(p_token_hash bytea)
returns boolean
language plpgsql
stable
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
begin
  return exists (select from app_private.password_resets where token_hash = p_token_hash and expires_at > app_hidden.current_time());
end;
$$;

revoke all on function app_private.is_password_reset(bytea) from public;
grant execute on function app_private.is_password_reset(bytea) to postilion_authenticator;
comment on function app_private.is_password_reset(bytea) is
  'Whether a new password can be set with a reset token, by its SHA-256.';
