create or replace function app_private.external_sign_in(
  p_issuer text,
  p_subject text,
  p_email text,
  p_email_is_verified boolean,
  p_refresh_hash bytea
)
returns app_private.session_claims
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_user_id uuid := app_hidden.user_of_identity(p_issuer, p_subject, p_email, p_email_is_verified);
begin
  perform from app_public.users where id = v_user_id and not is_disabled for share;
  if not found then
    raise exception 'nobody here is known to be this person' using errcode = 'AUTHN';
  end if;
  return app_hidden.begin_session(v_user_id, p_refresh_hash);
end;
$$;

revoke all on function app_private.external_sign_in(text, text, text, boolean, bytea) from public;
grant execute on function app_private.external_sign_in(text, text, text, boolean, bytea) to postilion_authenticator;
comment on function app_private.external_sign_in(text, text, text, boolean, bytea) is
  'Begins a session for who an OpenID Connect provider says it is: by its subject, else by an address that it has verified. Raises AUTHN when that is none of our users.';
