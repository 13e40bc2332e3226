create or replace function app_hidden.measure(p_rule app_public.alert_rules, p_given jsonb)
returns setof app_hidden.alert_reading
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  case p_rule.kind
    when 'service_unusable' then return query select * from app_hidden.measure_service_unusable(p_rule);
    when 'stuck_mails' then return query select * from app_hidden.measure_stuck_mails(p_rule);
    when 'service_down' then return query select * from app_hidden.measure_service_down(p_rule);
    when 'service_frozen' then return query select * from app_hidden.measure_service_frozen(p_rule);
    when 'success_rate' then return query select * from app_hidden.measure_success_rate(p_rule);
    when 'hard_bounce_rate' then return query select * from app_hidden.measure_hard_bounce_rate(p_rule);
    when 'complaint_rate' then return query select * from app_hidden.measure_complaint_rate(p_rule);
    when 'webhook_silence' then return query select * from app_hidden.measure_webhook_silence(p_rule);
    when 'backlog_late' then
      perform app_hidden.note_plans();
      return query select * from app_hidden.measure_backlog_late(p_rule);
    when 'quota_low' then return query select * from app_hidden.measure_quota_low(p_rule);
    when 'statistics_drift' then return query select * from app_hidden.measure_statistics_drift(p_rule);
    when 'parked_events' then return query select * from app_hidden.measure_parked_events(p_rule);
    when 'repair_recurs' then return query select * from app_hidden.measure_repair_recurs(p_rule);
    when 'disk_low' then return query select * from app_hidden.measure_disk_low(p_rule, p_given);
  end case;
end;
$$;

revoke all on function app_hidden.measure(app_public.alert_rules, jsonb) from public;
comment on function app_hidden.measure(app_public.alert_rules, jsonb) is
  'What a rule is about, measured now. p_given: what only the worker can know.';
