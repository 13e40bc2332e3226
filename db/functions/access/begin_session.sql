create or replace function app_hidden.begin_session(p_user_id uuid, p_refresh_hash bytea)
returns app_private.session_claims
language plpgsql
volatile
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_session_id uuid;
begin
  insert into app_private.sessions (user_id, refresh_hash, created_at, refreshed_at, expires_at)
  values (p_user_id, p_refresh_hash, v_now, v_now, v_now + app_hidden.session_life())
  returning id into v_session_id;
  return (select claims from app_private.claims_of_session(v_session_id) as claims);
end;
$$;

revoke all on function app_hidden.begin_session(uuid, bytea) from public;
comment on function app_hidden.begin_session(uuid, bytea) is 'Begins a session of a user, who was asked who they are before.';
