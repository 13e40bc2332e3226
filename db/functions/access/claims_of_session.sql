create or replace function app_private.claims_of_session(p_session_id uuid)
returns setof app_private.session_claims
language plpgsql
volatile
security definer
rows 1
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
begin
  return query
    select s.id, u.id, u.is_admin, null::uuid, null::app_public.member_role, null::uuid, s.expires_at
      from app_private.sessions s
      join app_public.users u on u.id = s.user_id
     where s.id = p_session_id and s.expires_at > v_now and not u.is_disabled;
end;
$$;

revoke all on function app_private.claims_of_session(uuid) from public;
grant execute on function app_private.claims_of_session(uuid) to postilion_authenticator;
comment on function app_private.claims_of_session(uuid) is 'Who asks with a session; no row when it has ended or expired, or its user is disabled.';
