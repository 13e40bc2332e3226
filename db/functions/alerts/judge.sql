create or replace function app_hidden.judge(p_rule app_public.alert_rules, p_given jsonb)
returns setof app_hidden.judged_reading
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select r, level
    from app_hidden.measure(p_rule, p_given) as r
    left join app_public.alerts a on a.rule = p_rule.kind and a.subject = r.subject and a.resolved_at is null
   cross join lateral (select app_hidden.alert_level(p_rule, r.value, a.severity)) as judged (level)
   where level is not null and (r.volume >= p_rule.minimum_volume or a.id is not null);
$$;

revoke all on function app_hidden.judge(app_public.alert_rules, jsonb) from public;
comment on function app_hidden.judge(app_public.alert_rules, jsonb) is
  'What a rule finds now that is not as it should be. Less volume than the rule wants opens nothing, and closes nothing by itself.';
