-- Repairs are read from their end: they are kept for ever.
create or replace function app_hidden.gauges_of_upkeep()
returns setof app_hidden.gauge
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with mended as materialized (
    select what from (select what, at from app_hidden.repairs order by id desc limit 1000) as latest
     where at > app_hidden.current_time() - interval '1 day'
  )
  select 'cron_last_finish_timestamp_seconds', handler, extract(epoch from finished_at)::double precision from app_hidden.cron_finishes
  union all
  select 'repairs', what, count(*) from mended group by what
  union all
  select 'statistics_drifts', null, count(*) filter (where what = 'recount_task') from mended
  union all
  select 'alerts_open', known.severity::text, count(a.id)
    from unnest(enum_range(null::app_public.alert_severity)) as known (severity)
    left join app_public.alerts a on a.severity = known.severity and a.resolved_at is null
   group by known.severity
  union all
  select 'roll_up_lag_seconds', null, extract(epoch from app_hidden.current_time() - rolled_until) from app_hidden.roll_up_progress;
$$;

revoke all on function app_hidden.gauges_of_upkeep() from public;
comment on function app_hidden.gauges_of_upkeep() is
  'When each handler of the crontab last finished, what was mended in the last 24 hours (of the last 1,000 repairs), open alerts by severity, and how far behind the closed hours are.';
