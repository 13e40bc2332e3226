create or replace function app_hidden.measure_hard_bounce_rate(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select r.service_id::text, null::uuid, 100 * r.hard_bounced::double precision / r.sent, r.sent,
         format('%s: %s of %s mails in %s came back for good (%s).', r.name, r.hard_bounced, r.sent, app_hidden.window_text(p_rule.window_minutes),
           app_hidden.percent_text(100 * r.hard_bounced::double precision / r.sent)),
         'The list is old or bought. Take the bad addresses out before the Task goes on; providers close accounts over this.',
         jsonb_build_object('emailServiceId', r.service_id, 'sent', r.sent, 'hardBounced', r.hard_bounced,
           'taskIds', app_hidden.tasks_to_blame(r.parts, 'hardBounced', array['sent']))
    from app_hidden.rates_of_services(p_rule.window_minutes) as r
   where r.sent > 0;
$$;

revoke all on function app_hidden.measure_hard_bounce_rate(app_public.alert_rules) from public;
comment on function app_hidden.measure_hard_bounce_rate(app_public.alert_rules) is
  'The share of each service''s mails that came back for good.';
