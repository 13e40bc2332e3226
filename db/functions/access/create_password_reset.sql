create or replace function app_private.create_password_reset(p_user_id uuid, p_token_hash bytea)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
begin
  perform app_hidden.require_user(p_user_id);
  insert into app_private.password_resets (token_hash, user_id, expires_at)
  values (p_token_hash, p_user_id, app_hidden.current_time() + interval '1 hour')
      on conflict (user_id) do update set token_hash = excluded.token_hash, expires_at = excluded.expires_at;
end;
$$;

revoke all on function app_private.create_password_reset(uuid, bytea) from public;
grant execute on function app_private.create_password_reset(uuid, bytea) to postilion_authenticator;
comment on function app_private.create_password_reset(uuid, bytea) is
  'Lets whoever shows the token, by its SHA-256, set a new password once within an hour; former ones no longer do. Raises NTFND.';
