-- Which comes first is what is served first. A forecast looks at all services and rivals (with 50 services and 30 Tasks ten of them were nine tenths of
-- what a frame costs), so whoever looks every second asks for them now and then.
create or replace function app_hidden.top_tasks(p_now timestamptz, p_forecasts integer)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with chosen as materialized (
    (select *, 1 as part from app_public.tasks where status in ('generating', 'queued', 'sending') order by priority desc, id limit 30)
    union all
    (select *, 2 from app_public.tasks where status = 'paused' order by updated_at desc limit 5)
    union all
    (select *, 3 from app_public.tasks where status = 'completed' and completed_at > p_now - interval '1 hour' and not is_test order by completed_at desc limit 3)
  ), placed as materialized (
    select c.*, row_number() over (order by part, case part when 1 then -priority end, id) as place from chosen c
  )
  select coalesce(jsonb_agg(jsonb_build_object(
           'id', t.id, 'name', t.name, 'status', t.status, 'total', n.total, 'left', c.pending + c.allocated + c.sending, 'failed', c.failed,
           'uncertain', c.uncertain, 'cancelled', c.cancelled, 'bounced', c.bounced,
           'perMinute', case when t.part = 1 then app_hidden.sent_lately(t.id, p_now) end,
           'doneInMs', app_hidden.ms_until(f.finishes_at, p_now), 'limiting', f.limiting) order by t.place), '[]')
    from placed t
   cross join lateral app_hidden.counters_of(t.id) as c
   cross join lateral (
     select c.pending + c.allocated + c.sending + c.sent + c.delivered + c.opened + c.clicked + c.bounced + c.failed + c.cancelled + c.uncertain as total) as n
    left join lateral (
      select fc.finishes_at, fc.limiting from app_public.forecast_task(t.id) as fc where t.status in ('queued', 'sending') and t.place <= p_forecasts offset 0) as f on true;
$$;

revoke all on function app_hidden.top_tasks(timestamptz, integer) from public;
comment on function app_hidden.top_tasks(timestamptz, integer) is 'Tasks under way, then some that are paused or were just completed: mails left, failed and in doubt, how fast they go, when the first p_forecasts are done.';
