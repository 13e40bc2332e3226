create or replace function app_hidden.gauges_of_inbox()
returns setof app_hidden.gauge
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
  select 'inbox_webhooks', 'waiting', count(*)::double precision from due
  union all
  select 'inbox_webhooks', 'parked', count(*) from parked
  union all
  select 'inbox_oldest_seconds', null, coalesce(extract(epoch from app_hidden.current_time() - min(received_at)), 0) from due;
$$;

revoke all on function app_hidden.gauges_of_inbox() from public;
comment on function app_hidden.gauges_of_inbox() is
  'Webhooks that are to be applied now, and those given up in the last 24 hours (at most 10,001 of each), and for how long the oldest waits.';
