create or replace function app_private.reset_password(p_token_hash bytea, p_password_hash text)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
declare
  v_user_id uuid;
begin
  delete from app_private.password_resets
   where token_hash = p_token_hash and expires_at > app_hidden.current_time()
  returning user_id into v_user_id;
  if not found then
    raise exception 'token: it is wrong, was used, or is older than an hour' using errcode = 'BADIN';
  end if;
  perform app_private.set_password(v_user_id, p_password_hash);
end;
$$;

revoke all on function app_private.reset_password(bytea, text) from public;
grant execute on function app_private.reset_password(bytea, text) to postilion_authenticator;
comment on function app_private.reset_password(bytea, text) is
  'Sets the password of the user whom a reset token, by its SHA-256, was made for, and ends their sessions. Raises BADIN for a token that is unknown, used or expired.';
