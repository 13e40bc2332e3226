create or replace function app_hidden.measure_complaint_rate(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select r.service_id::text, null::uuid, 100 * r.complained::double precision / r.sent, r.sent,
         format('%s: %s of %s mails in %s were called spam (%s).', r.name, r.complained, r.sent, app_hidden.window_text(p_rule.window_minutes),
           app_hidden.percent_text(100 * r.complained::double precision / r.sent)),
         'Gmail wants less than 0.1 %, and delivers badly from 0.3 % on. Find out what was sent to whom and why, before the service sends again.',
         jsonb_build_object('emailServiceId', r.service_id, 'sent', r.sent, 'complained', r.complained,
           'taskIds', app_hidden.tasks_to_blame(r.parts, 'complained', array['sent']))
    from app_hidden.rates_of_services(p_rule.window_minutes) as r
   where r.sent > 0;
$$;

revoke all on function app_hidden.measure_complaint_rate(app_public.alert_rules) from public;
comment on function app_hidden.measure_complaint_rate(app_public.alert_rules) is
  'The share of each service''s mails that were called spam.';
