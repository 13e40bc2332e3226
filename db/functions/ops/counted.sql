create or replace function app_hidden.counted(p_count bigint, p_thing text)
returns text
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select p_count || ' ' || p_thing || case p_count when 1 then '' else 's' end;
$$;

revoke all on function app_hidden.counted(bigint, text) from public;
comment on function app_hidden.counted(bigint, text) is 'So many of a thing whose plural ends in s.';
