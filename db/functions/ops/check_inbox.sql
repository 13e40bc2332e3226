create or replace function app_hidden.check_inbox()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with due as materialized (
    select received_at from app_public.event_logs where processed_at is null and next_attempt_at <= (select app_hidden.current_time()) limit 10001
  ), parked as materialized (
    select from app_public.event_logs
     where error is not null and processed_at is not null and received_at > (select app_hidden.current_time()) - interval '1 day' limit 10001
  )
  select 'inbox',
         case when min(received_at) < app_hidden.current_time() - interval '10 minutes' then 'critical'
              when min(received_at) < app_hidden.current_time() - interval '1 minute' then 'warning' else 'ok' end,
         case count(*) when 0 then 'Every webhook is applied.'
           else format('%s to be applied, the oldest for %s. What they tell does not count yet.', case when count(*) > 10000 then 'Over 10,000 webhooks' else app_hidden.counted(count(*), 'webhook') end, app_hidden.span_text(min(received_at), app_hidden.current_time())) end,
         case when min(received_at) < app_hidden.current_time() - interval '1 minute' then 'A running worker applies them within 2 min. If they stay: postilion repair events, and see what the log of postilion work says of apply_events.' else '' end,
         true, jsonb_build_object('waiting', count(*), 'oldestSeconds', coalesce(extract(epoch from app_hidden.current_time() - min(received_at))::bigint, 0))
    from due
  union all
  select 'parked', 'warning', format('Given up in the last 24 hours, since they could not be applied: %s.', case when count(*) > 10000 then 'over 10,000 webhooks' else app_hidden.counted(count(*), 'webhook') end),
         'In psql: select * from ops.unresolved_events; says why. When that is mended: postilion repair events.', false, jsonb_build_object('parked', count(*))
    from parked having count(*) > 0;
$$;

revoke all on function app_hidden.check_inbox() from public;
comment on function app_hidden.check_inbox() is 'Whether webhooks are applied.';
