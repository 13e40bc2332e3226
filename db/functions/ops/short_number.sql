create or replace function app_hidden.short_number(p_number bigint)
returns text
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  select case
    when p_number < 10000 then p_number::text
    when p_number < 1000000 then (p_number / 1000) || 'k'
    when p_number < 10000000 then (p_number / 1000000) || '.' || (p_number / 100000 % 10) || 'M'
    else (p_number / 1000000) || 'M'
  end;
$$;

revoke all on function app_hidden.short_number(bigint) from public;
comment on function app_hidden.short_number(bigint) is 'A number in at most five letters, cut, not rounded: 999 is never shown as 1k.';
