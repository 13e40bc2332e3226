-- Of two exchanges at once the second waits for the row and finds it gone. A user who was disabled meanwhile has spent the code all the same.
create or replace function app_private.exchange_sign_in_code(p_code_hash bytea, p_refresh_hash bytea)
returns setof app_private.session_claims
language plpgsql
volatile
security definer
rows 1
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_user_id uuid;
begin
  delete from app_private.sign_in_codes
   where code_hash = p_code_hash and expires_at > app_hidden.current_time()
  returning user_id into v_user_id;
  -- Locked, so that a session can't begin while its user is being disabled.
  perform from app_public.users where id = v_user_id and not is_disabled for share;
  if found then
    return query select * from app_hidden.begin_session(v_user_id, p_refresh_hash);
  end if;
end;
$$;

revoke all on function app_private.exchange_sign_in_code(bytea, bytea) from public;
grant execute on function app_private.exchange_sign_in_code(bytea, bytea) to postilion_authenticator;
comment on function app_private.exchange_sign_in_code(bytea, bytea) is
  'Begins the session that a sign-in code, by its SHA-256, was made for. No row when the code is unknown, used or expired, or its user disabled.';
