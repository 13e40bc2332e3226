create or replace function app_hidden.report_capacity(p_now timestamptz)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with under_way as materialized (
    select t.id, t.name, c.pending + c.allocated + c.sending as mails
      from app_public.tasks t cross join lateral app_hidden.counters_of(t.id) as c
     where t.status in ('queued', 'sending')
  ), waiting as materialized (
    select coalesce(sum(mails), 0)::bigint as mails, count(*) filter (where mails > 0) as tasks from under_way
  ), foreseen as materialized (
    select first.name, f.finishes_at, f.limiting
      from (select u.id, u.name from under_way u join app_public.tasks t on t.id = u.id where u.mails > 0 order by t.priority desc, t.id limit 20) as first
     cross join lateral app_public.forecast_task(first.id) as f
  ), booked as materialized (
    select t.name, t.scheduled_at, l.mails
      from (select * from app_public.tasks where status = 'scheduled' and scheduled_at < p_now + interval '7 days' order by scheduled_at limit 10) as t
     cross join lateral app_hidden.forecast_load(t) as l
  )
  select jsonb_build_object(
    'at', p_now,
    'services', (select coalesce(jsonb_agg(app_hidden.service_capacity(s, p_now) order by s.name), '[]') from (select * from app_public.email_services order by name limit 200) as s),
    'waiting', waiting.mails, 'tasks', waiting.tasks,
    'finishesAt', (select case when bool_and(finishes_at is not null) then max(finishes_at) end from foreseen where limiting <> 'nothing may send'),
    'blocked', (select coalesce(jsonb_agg(name order by name), '[]') from foreseen where limiting = 'nothing may send'),
    'booked', (select coalesce(jsonb_agg(jsonb_build_object('name', name, 'at', scheduled_at, 'mails', mails) order by scheduled_at), '[]') from booked),
    'ways', case when waiting.mails > 0 then app_hidden.ways_to_send_faster(waiting.mails, p_now) else '[]' end)
    from waiting;
$$;

revoke all on function app_hidden.report_capacity(timestamptz) from public;
comment on function app_hidden.report_capacity(timestamptz) is
  'What services can send a day, what waits, what is scheduled within a week (the first ten Tasks), until when the 20 Tasks served first are done, and what would be faster.';
