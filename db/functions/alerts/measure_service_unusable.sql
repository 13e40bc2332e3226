create or replace function app_hidden.measure_service_unusable(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select null::text, null::uuid, null::double precision, null::bigint, null::text, null::text, null::jsonb where false;
$$;

revoke all on function app_hidden.measure_service_unusable(app_public.alert_rules) from public;
comment on function app_hidden.measure_service_unusable(app_public.alert_rules) is
  'Nothing: whoever is refused by a provider says so at once, see report_unusable_service.';
