create or replace function app_hidden.measure_success_rate(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select r.service_id::text, null::uuid, 100 * greatest(r.sent - r.bounced, 0)::double precision / (r.sent + r.failed), r.sent + r.failed,
         format('%s: of %s mails in %s, %s were taken and did not bounce.', r.name, r.sent + r.failed, app_hidden.window_text(p_rule.window_minutes),
           app_hidden.percent_text(100 * greatest(r.sent - r.bounced, 0)::double precision / (r.sent + r.failed))),
         'postilion diagnose <task> says what the provider answered. Bad addresses: pause the Task. The provider: freeze or switch off the service.',
         jsonb_build_object('emailServiceId', r.service_id, 'sent', r.sent, 'failed', r.failed, 'bounced', r.bounced,
           'taskIds', app_hidden.tasks_to_blame(r.parts, 'failed', array['sent', 'failed']))
    from app_hidden.rates_of_services(p_rule.window_minutes) as r
   where r.sent + r.failed > 0;
$$;

revoke all on function app_hidden.measure_success_rate(app_public.alert_rules) from public;
comment on function app_hidden.measure_success_rate(app_public.alert_rules) is 'The success rate of each service.';
