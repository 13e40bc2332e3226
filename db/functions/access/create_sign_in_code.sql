-- The user is found here, and the session begins when the client exchanges the code: a browser that never comes back leaves none behind.
-- The words are the same for a stranger, an address that was not verified and a user who is disabled.
create or replace function app_private.create_sign_in_code(
  p_issuer text,
  p_subject text,
  p_email text,
  p_email_is_verified boolean,
  p_code_hash bytea
)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_user_id uuid := app_hidden.user_of_identity(p_issuer, p_subject, p_email, p_email_is_verified);
begin
  insert into app_private.sign_in_codes (code_hash, user_id, expires_at)
  select p_code_hash, id, app_hidden.current_time() + interval '1 minute' from app_public.users where id = v_user_id and not is_disabled;
  if not found then
    raise exception 'nobody here is known to be this person' using errcode = 'AUTHN';
  end if;
end;
$$;

revoke all on function app_private.create_sign_in_code(text, text, text, boolean, bytea) from public;
grant execute on function app_private.create_sign_in_code(text, text, text, boolean, bytea) to postilion_authenticator;
comment on function app_private.create_sign_in_code(text, text, text, boolean, bytea) is
  'Lets whoever shows the code, by its SHA-256, begin a session within a minute, once, as who an OpenID Connect provider says it is: by its subject, else by an address that it has verified. Raises AUTHN when that is none of our users.';
