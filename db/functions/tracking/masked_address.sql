create or replace function app_hidden.masked_address(p_email text)
returns text
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select case when position('@' in p_email) > 2 then left(p_email, 1) else '' end || '•••' || coalesce(substring(p_email from '@[^@]*$'), '');
$$;

revoke all on function app_hidden.masked_address(text) from public;
comment on function app_hidden.masked_address(text) is 'An address as its owner knows it again and nobody else learns it: m•••@example.com.';
