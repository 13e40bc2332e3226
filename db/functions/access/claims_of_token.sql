create or replace function app_private.claims_of_token(p_token_hash bytea)
returns setof app_private.session_claims
language plpgsql
volatile
security definer
rows 1
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_claims app_private.session_claims;
begin
  select null, u.id, u.is_admin and t.is_admin, t.id, t.role, t.workspace_id, t.expires_at into v_claims
    from app_private.api_token_hashes h
    join app_public.api_tokens t on t.id = h.api_token_id
    join app_public.users u on u.id = t.user_id
   where h.hash = p_token_hash and t.revoked_at is null and (t.expires_at is null or t.expires_at > v_now) and not u.is_disabled;
  if found then
    perform app_hidden.note_token_use(v_claims.token_id, v_now);
    return next v_claims;
  end if;
end;
$$;

revoke all on function app_private.claims_of_token(bytea) from public;
grant execute on function app_private.claims_of_token(bytea) to postilion_authenticator;
comment on function app_private.claims_of_token(bytea) is
  'Who asks with an API token, by its SHA-256; no row when it is unknown, revoked or expired, or its user is disabled.';
