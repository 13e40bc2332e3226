create or replace function app_hidden.sign_in_window()
returns interval
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select interval '15 minutes';
$$;

revoke all on function app_hidden.sign_in_window() from public;
comment on function app_hidden.sign_in_window() is 'For how long an attempt to sign in counts.';
