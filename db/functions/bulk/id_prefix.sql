create or replace function app_hidden.id_prefix()
returns text
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-7' || substr(gen_random_uuid()::text, 16, 9)
    from lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') as given (ms);
$$;

revoke all on function app_hidden.id_prefix() from public;
comment on function app_hidden.id_prefix() is
  'The first 24 characters of ids in version 7 of RFC 9562 made now, 26 of their bits random: a number of 12 hexadecimal digits completes them.';
