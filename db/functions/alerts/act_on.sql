create or replace function app_hidden.act_on(p_alert app_public.alerts, p_action app_public.alert_action)
returns text
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service_id uuid := (p_alert.details ->> 'emailServiceId')::uuid;
  v_why text := format('alert %s: %s', p_alert.rule, p_alert.message);
  v_detail jsonb := jsonb_build_object('alertId', p_alert.id);
  v_paused text[];
begin
  if p_action = 'freeze_service' then
    if not app_hidden.freeze_service(v_service_id, format('%s (by the alert %s; releaseService ends it)', app_hidden.clipped(p_alert.message, 400), p_alert.rule)) then
      return 'Nothing: the service is frozen until a person releases it already.';
    end if;
    perform app_hidden.record_repair('freeze_service', v_service_id, v_why, 1, v_detail);
    return format('The service was frozen: nothing goes out through it. When the cause is gone: the mutation releaseService(input: {emailServiceId: "%s"}).', v_service_id);
  end if;
  v_paused := app_hidden.pause_culprits(array(select jsonb_array_elements_text(p_alert.details -> 'taskIds')::uuid), v_why, v_detail);
  if cardinality(v_paused) = 0 then
    return 'Nothing: the Tasks that caused it are not under way any more.';
  end if;
  return left(format('Paused: %s. When the cause is gone: the mutation resumeTask.', array_to_string(v_paused, ', ')), 1000);
end;
$$;

revoke all on function app_hidden.act_on(app_public.alerts, app_public.alert_action) from public;
comment on function app_hidden.act_on(app_public.alerts, app_public.alert_action) is
  'Does what a rule wants done about an alert, enters it into the audit trail, and says what was done and how to undo it.';
