create or replace function app_private.end_session(p_session_id uuid)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_private, pg_temp
as $$
  delete from app_private.sessions where id = p_session_id;
$$;

revoke all on function app_private.end_session(uuid) from public;
grant execute on function app_private.end_session(uuid) to postilion_authenticator;
comment on function app_private.end_session(uuid) is 'Ends a session, if it has not ended yet.';
