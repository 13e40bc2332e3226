-- One at a time, by a lock of its own, and not again within 20 s: many workers look as often as one. A rule without thresholds is raised elsewhere
-- (service_unusable), and only switched off here.
create or replace function app_private.evaluate_rule(p_kind text, p_given jsonb default '{}')
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_rule app_public.alert_rules;
  v_found app_hidden.judged_reading[] := '{}';
  v_subjects text[];
begin
  if not pg_try_advisory_xact_lock(hashtextextended('postilion.alerts.' || p_kind, 0)) then
    return 0;
  end if;
  select * into v_rule from app_public.alert_rules where kind = p_kind;
  insert into app_hidden.alert_evaluations as known (kind, evaluated_at) values (p_kind, v_now)
  on conflict (kind) do update set evaluated_at = v_now where known.evaluated_at not between v_now - interval '20 s' and v_now;
  if not found or (v_rule.warning_at is null and v_rule.critical_at is null and v_rule.is_enabled) then
    return 0;
  end if;
  if v_rule.is_enabled then
    v_found := array(select f from app_hidden.judge(v_rule, p_given) as f);
  end if;
  v_subjects := array(select ((f).reading).subject from unnest(v_found) as f);
  perform app_hidden.suspect(p_kind, v_subjects);
  perform app_hidden.clear_found(v_rule, v_subjects);
  return app_hidden.raise_found(v_rule, v_found);
end;
$$;

revoke all on function app_private.evaluate_rule(text, jsonb) from public;
grant execute on function app_private.evaluate_rule(text, jsonb) to postilion_worker;
comment on function app_private.evaluate_rule(text, jsonb) is
  'Measures what a rule is about and opens, counts, and resolves its alerts. Answers how many are found. Of several workers at once one does; the others answer 0.';
