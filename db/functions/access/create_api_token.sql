create or replace function app_private.create_api_token(
  p_user_id uuid,
  p_name text,
  p_role app_public.member_role,
  p_workspace_id uuid,
  p_is_admin boolean,
  p_token_hash bytea,
  p_expires_at timestamptz
)
returns app_public.api_tokens
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_token app_public.api_tokens;
begin
  perform app_hidden.require_token_terms(p_user_id, p_role, p_workspace_id, p_is_admin, p_expires_at);
  insert into app_public.api_tokens (user_id, name, role, workspace_id, is_admin, expires_at)
  values (p_user_id, p_name, p_role, p_workspace_id, p_is_admin, p_expires_at)
  returning * into v_token;
  insert into app_private.api_token_hashes (api_token_id, hash) values (v_token.id, p_token_hash);
  return v_token;
end;
$$;

revoke all on function app_private.create_api_token(uuid, text, app_public.member_role, uuid, boolean, bytea, timestamptz) from public;
grant execute on function app_private.create_api_token(uuid, text, app_public.member_role, uuid, boolean, bytea, timestamptz) to postilion_authenticator;
comment on function app_private.create_api_token(uuid, text, app_public.member_role, uuid, boolean, bytea, timestamptz) is
  'Creates an API token of a user, by the SHA-256 of the token. Raises BADIN, naming the field, for what its user does not have to give.';
