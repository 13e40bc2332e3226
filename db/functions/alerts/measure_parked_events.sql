create or replace function app_hidden.measure_parked_events(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'installation', null::uuid, count(*)::double precision, count(*),
         format('Given up in %s, since they could not be applied: %s. The last: %s', app_hidden.window_text(p_rule.window_minutes), app_hidden.counted(count(*), 'webhook'),
           app_hidden.clipped((array_agg(error order by received_at desc))[1], 200)),
         'ops.unresolved_events says why; when that is mended: postilion repair events.', jsonb_build_object('webhooks', count(*))
    from (
      select received_at, error from app_public.event_logs
       where error is not null and processed_at is not null
         and received_at > (select app_hidden.current_time()) - make_interval(mins => p_rule.window_minutes)
       order by received_at desc
       limit 10000
    ) as parked
  having count(*) > 0;
$$;

revoke all on function app_hidden.measure_parked_events(app_public.alert_rules) from public;
comment on function app_hidden.measure_parked_events(app_public.alert_rules) is
  'How many webhooks were given up; at most 10,000 are counted.';
