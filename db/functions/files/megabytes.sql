create or replace function app_hidden.megabytes(p_bytes bigint)
returns text
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select trim_scale(ceil(p_bytes / 10000.0) / 100) || ' MB';
$$;

revoke all on function app_hidden.megabytes(bigint) from public;
comment on function app_hidden.megabytes(bigint) is 'A size as people say it, rounded up to two places.';
