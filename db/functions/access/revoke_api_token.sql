create or replace function app_public.revoke_api_token(p_api_token_id uuid)
returns app_public.api_tokens
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_token app_public.api_tokens;
begin
  perform app_hidden.demand_token(p_api_token_id);
  delete from app_private.api_token_hashes where api_token_id = p_api_token_id;
  update app_public.api_tokens
     set revoked_at = coalesce(revoked_at, app_hidden.current_time())
   where id = p_api_token_id
  returning * into v_token;
  return v_token;
end;
$$;

revoke all on function app_public.revoke_api_token(uuid) from public;
grant execute on function app_public.revoke_api_token(uuid) to postilion_user, postilion_admin;
comment on function app_public.revoke_api_token(uuid) is 'Ends an API token: it is refused from now on.';
