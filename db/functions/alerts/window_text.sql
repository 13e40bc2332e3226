create or replace function app_hidden.window_text(p_minutes integer)
returns text
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select case when p_minutes % 60 = 0 then (p_minutes / 60) || ' h' else p_minutes || ' min' end;
$$;

revoke all on function app_hidden.window_text(integer) from public;
comment on function app_hidden.window_text(integer) is 'So many minutes, for people.';
