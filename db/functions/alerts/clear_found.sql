-- What comes and goes stays one alert: it is resolved only when it was away for the rule's quiet minutes.
create or replace function app_hidden.clear_found(p_rule app_public.alert_rules, p_subjects text[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
begin
  update app_public.alerts
     set cleared_at = coalesce(cleared_at, v_now),
         resolved_at = case when coalesce(cleared_at, v_now) <= v_now - make_interval(mins => p_rule.quiet_minutes) then v_now end,
         is_announced = is_announced and coalesce(cleared_at, v_now) > v_now - make_interval(mins => p_rule.quiet_minutes)
   where rule = p_rule.kind and resolved_at is null and subject <> all (p_subjects);
end;
$$;

revoke all on function app_hidden.clear_found(app_public.alert_rules, text[]) from public;
comment on function app_hidden.clear_found(app_public.alert_rules, text[]) is
  'Resolves the open alerts of what a rule has found no more for long enough.';
