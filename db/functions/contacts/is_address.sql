create or replace function app_hidden.is_address(p_text text)
returns boolean
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select btrim(p_text) ~ '^[^@[:space:][:cntrl:]]{1,64}@[^@[:space:][:cntrl:]]{1,255}$';
$$;

revoke all on function app_hidden.is_address(text) from public;
comment on function app_hidden.is_address(text) is 'Whether a text can be a mail address. Deliberately liberal: the provider knows best.';
