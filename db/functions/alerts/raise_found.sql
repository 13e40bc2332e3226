create or replace function app_hidden.raise_found(p_rule app_public.alert_rules, p_found app_hidden.judged_reading[])
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_count integer;
begin
  with due as (
    select (f).reading as r, (f).severity as severity
      from unnest(p_found) as f
      join app_hidden.alert_suspicions s on s.kind = p_rule.kind and s.subject = ((f).reading).subject
     where s.since <= v_now - make_interval(mins => p_rule.sustained_minutes)
        or exists (select from app_public.alerts a where a.rule = p_rule.kind and a.subject = s.subject and a.resolved_at is null)
  )
  insert into app_public.alerts as open (workspace_id, rule, subject, severity, message, remedy, details, opened_at, last_seen_at)
  select (r).workspace_id, p_rule.kind, (r).subject, severity, left((r).says, 1000), left((r).remedy, 1000),
         coalesce((r).details, '{}') || jsonb_build_object('value', (r).value, 'volume', (r).volume), v_now, v_now
    from due
   order by (r).subject
  on conflict (rule, subject) where resolved_at is null do update
    set times = open.times + 1, last_seen_at = excluded.last_seen_at, severity = excluded.severity, message = excluded.message, remedy = excluded.remedy,
        details = excluded.details, cleared_at = null,
        is_announced = open.is_announced and (open.severity, open.message, open.details) = (excluded.severity, excluded.message, excluded.details);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_hidden.raise_found(app_public.alert_rules, app_hidden.judged_reading[]) from public;
comment on function app_hidden.raise_found(app_public.alert_rules, app_hidden.judged_reading[]) is
  'Opens the alerts of what has been so for long enough, and counts those that are open once more. Answers how many.';
