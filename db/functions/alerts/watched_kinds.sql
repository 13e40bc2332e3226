create or replace function app_private.watched_kinds()
returns setof text
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select kind from app_public.alert_rules order by kind;
$$;

revoke all on function app_private.watched_kinds() from public;
grant execute on function app_private.watched_kinds() to postilion_worker;
comment on function app_private.watched_kinds() is
  'The kinds of alerts there are rules for, switched off or not: what is switched off has alerts to be resolved.';
