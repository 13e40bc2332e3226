-- One's own tokens are revoked in a session; those of a workspace by its managers, even with a token.
create or replace function app_hidden.demand_token(p_api_token_id uuid)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_token app_public.api_tokens;
begin
  select * into v_token from app_public.api_tokens where id = p_api_token_id;
  if not found then
    raise exception 'apiTokenId: there is no token %', p_api_token_id using errcode = 'NTFND';
  end if;
  if app_hidden.is_asked()
    and v_token.user_id is distinct from app_hidden.signed_in_user_id()
    and app_hidden.role_in(v_token.workspace_id) is distinct from 'manager' then
    raise exception 'apiTokenId: there is no token %', p_api_token_id using errcode = 'NTFND';
  end if;
end;
$$;

revoke all on function app_hidden.demand_token(uuid) from public;
comment on function app_hidden.demand_token(uuid) is 'Raises NTFND unless the caller sees the API token; FRBDN unless they may revoke it.';
