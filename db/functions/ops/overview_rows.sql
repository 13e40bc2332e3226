drop view if exists ops.queue_overview;
drop function if exists app_hidden.overview_rows();

create or replace function app_hidden.overview_rows()
returns table (what text, number text, says text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
  with look as materialized (
    select app_hidden.current_time() as now
  ), under_way as materialized (
    select t.id from app_public.tasks t where t.status in ('queued', 'sending')
  ), mails as materialized (
    select coalesce(sum(c.pending), 0) as pending, coalesce(sum(c.allocated + c.sending), 0) as way, coalesce(sum(c.uncertain), 0) as doubt
      from under_way cross join lateral app_hidden.counters_of(under_way.id) as c
  ), inbox as materialized (
    select received_at from app_public.event_logs where processed_at is null limit 10001
  ), called as materialized (
    select count(*) as works, count(*) filter (where is_running) as running from app_private.roll_call()
  )
  select overview.what, overview.number, overview.says from (
    select 1, 'Tasks', count(*)::text, 'queued or sending; see ops.task_status' from under_way
    union all select 2, 'waiting', pending::text, 'mails to be handed over' from mails
    union all select 3, 'under way', way::text, 'mails with a worker' from mails
    union all select 4, 'in doubt', doubt::text, 'mails of these Tasks that a provider may have taken' from mails
    union all select 5, 'stuck', count(*)::text, 'mails whose worker is late; see ops.stuck_sub_tasks'
                from app_public.sub_tasks st, look where st.phase = 'under_way' and st.lease_expires_at <= look.now
    union all select 6, 'services', running || '/' || works, 'running, of those with work; see ops.service_status' from called
    union all select 7, 'workers', count(*) filter (where p.seen_at > look.now - interval '15 s')::text, 'runners seen within 15 s' from look left join app_hidden.worker_pools p on true
    union all select 8, 'inbox', case when count(*) > 10000 then 'over 10000' else count(*)::text end,
                'webhooks not applied, the oldest for ' || app_hidden.span_text(min(received_at), app_hidden.current_time()) from inbox
    union all select 9, 'parked', count(*)::text, 'webhooks given up this week; see ops.unresolved_events'
                from (select from app_public.event_logs, look where error is not null and processed_at is not null and received_at > look.now - interval '7 days' limit 10000) as parked
    union all select 10, 'repaired', count(*)::text, 'repairs in 24 h; see app_hidden.repairs'
                from (select from app_hidden.repairs, look where at > look.now - interval '1 day') as repaired
  ) as overview (place, what, number, says)
   order by place;
$$;

revoke all on function app_hidden.overview_rows() from public;
grant execute on function app_hidden.overview_rows() to postilion_operator;
comment on function app_hidden.overview_rows() is 'What ops.queue_overview shows.';

create view ops.queue_overview as select * from app_hidden.overview_rows();
grant select on ops.queue_overview to postilion_operator;
comment on view ops.queue_overview is 'The queue at a glance: how much waits, is under way, in doubt, stuck; who works; what the inbox holds.';
