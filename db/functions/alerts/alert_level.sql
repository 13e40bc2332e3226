create or replace function app_hidden.alert_level(p_rule app_public.alert_rules, p_value double precision, p_open app_public.alert_severity)
returns app_public.alert_severity
language sql
immutable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select case
    when app_hidden.is_reached(p_rule, p_value, p_rule.critical_at, p_open = 'critical') then 'critical'
    when app_hidden.is_reached(p_rule, p_value, p_rule.warning_at, p_open is not null) then 'warning'
  end::app_public.alert_severity;
$$;

revoke all on function app_hidden.alert_level(app_public.alert_rules, double precision, app_public.alert_severity) from public;
comment on function app_hidden.alert_level(app_public.alert_rules, double precision, app_public.alert_severity) is
  'How grave a value is, given the alert that is open about it; null: not at all.';
