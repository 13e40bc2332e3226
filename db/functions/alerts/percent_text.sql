create or replace function app_hidden.percent_text(p_value double precision)
returns text
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select trim_scale(round(p_value::numeric, case when p_value < 1 then 2 else 1 end))::text || ' %';
$$;

revoke all on function app_hidden.percent_text(double precision) from public;
comment on function app_hidden.percent_text(double precision) is 'A percentage for people.';
