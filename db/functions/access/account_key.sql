create or replace function app_hidden.account_key(p_email text)
returns bytea
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select sha256(convert_to(lower(btrim(coalesce(p_email, ''))), 'UTF8'));
$$;

revoke all on function app_hidden.account_key(text) from public;
comment on function app_hidden.account_key(text) is
  'By what attempts to sign in to an account are counted: the SHA-256 of the address as it was meant.';
