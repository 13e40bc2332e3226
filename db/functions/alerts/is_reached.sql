create or replace function app_hidden.is_reached(p_rule app_public.alert_rules, p_value double precision, p_threshold double precision, p_is_held boolean)
returns boolean
language sql
immutable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select case
    when p_threshold is null or p_value is null then false
    when p_rule.is_floor then p_value < p_threshold * (1 + case when p_is_held then p_rule.slack else 0 end)
    else p_value >= p_threshold * (1 - case when p_is_held then p_rule.slack else 0 end)
  end;
$$;

revoke all on function app_hidden.is_reached(app_public.alert_rules, double precision, double precision, boolean) from public;
comment on function app_hidden.is_reached(app_public.alert_rules, double precision, double precision, boolean) is
  'Whether a value is at its threshold or beyond; held: it has been, so it must come back a little further to be no more.';
