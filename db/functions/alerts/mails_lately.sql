-- Hours are closed an hour late, and a campaign may be over by then. So what is not closed yet is read from the minutes and, for what they don't
-- know, from the few events that speak against a mail, which have an index of their own.
create or replace function app_hidden.mails_lately(p_minutes integer)
returns table (task_id uuid, service_id uuid, sent bigint, failed bigint, bounced bigint, hard_bounced bigint, complained bigint)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with span as materialized (
    select rolled_until, app_hidden.current_time() - make_interval(mins => p_minutes) as since from app_hidden.roll_up_progress
  ), heard as materialized (
    select distinct e.sub_task_id, e.kind
      from app_public.mail_events e
     where e.kind in ('complaint', 'hard_bounce') and e.sub_task_id is not null
       and e.recorded_at >= (select greatest(rolled_until, since) from span)
  ), told as (
    select h.task_id, h.service_id, h.sent, h.failed, h.bounced, h.hard_bounced, h.complained
      from app_public.hourly_statistics h
     where h.hour >= (select since from span) and h.hour < (select rolled_until from span)
    union all
    select m.task_id, m.service_id, m.sent, m.failed, m.bounced, 0, 0
      from app_hidden.minute_counters m
     where m.minute >= (select greatest(rolled_until, since) from span)
    union all
    select st.task_id, st.service_id, 0, 0, 0, (heard.kind = 'hard_bounce')::integer, (heard.kind = 'complaint')::integer
      from heard join app_public.sub_tasks st on st.id = heard.sub_task_id
  )
  select t.task_id, t.service_id, sum(t.sent), sum(t.failed), sum(t.bounced), sum(t.hard_bounced), sum(t.complained)
    from told t
   where t.service_id is not null
   group by t.task_id, t.service_id;
$$;

revoke all on function app_hidden.mails_lately(integer) from public;
comment on function app_hidden.mails_lately(integer) is
  'What became of the mails of the last minutes, by Task and service: from closed hours and, since then, from minutes and events.';
