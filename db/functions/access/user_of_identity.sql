-- An address that was not verified proves nothing: anyone may have typed it there.
create or replace function app_hidden.user_of_identity(p_issuer text, p_subject text, p_email text, p_email_is_verified boolean)
returns uuid
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
declare
  v_user_id uuid;
begin
  insert into app_private.external_identities (issuer, subject, user_id)
  select p_issuer, p_subject, id from app_public.users where p_email_is_verified and email = lower(btrim(p_email)) and not is_disabled
      on conflict (issuer, subject) do nothing;
  select user_id into v_user_id from app_private.external_identities where issuer = p_issuer and subject = p_subject;
  return v_user_id;
end;
$$;

revoke all on function app_hidden.user_of_identity(text, text, text, boolean) from public;
comment on function app_hidden.user_of_identity(text, text, text, boolean) is
  'The user whom a provider''s subject is tied to; one whose address the provider has verified is tied to it now. Null when there is none.';
