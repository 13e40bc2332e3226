create or replace function app_hidden.session_life()
returns interval
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select interval '30 days';
$$;

revoke all on function app_hidden.session_life() from public;
comment on function app_hidden.session_life() is 'How long a session lives without being refreshed.';
