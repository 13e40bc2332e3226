drop view if exists ops.unresolved_events;
drop function if exists app_hidden.unresolved_rows();

create or replace function app_hidden.unresolved_rows()
returns table (received text, state text, source text, log bigint, says text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select to_char(found.received_at, 'MM-DD HH24:MI'), found.state, app_hidden.clipped(found.source, 10), found.id, app_hidden.clipped(found.says, 28)
    from (
    (select received_at, 'waits' as state, provider as source, id, coalesce(error, 'not applied yet') as says from app_public.event_logs
      where processed_at is null and next_attempt_at <= (select app_hidden.current_time()) order by next_attempt_at, id limit 50)
    union all
    (select received_at, 'again', provider, id, error from app_public.event_logs
      where processed_at is null and next_attempt_at > (select app_hidden.current_time()) order by next_attempt_at, id limit 50)
    union all
    (select received_at, 'parked', provider, id, error from app_public.event_logs
      where error is not null and processed_at is not null order by received_at desc limit 50)
    union all
    (select e.received_at, 'no mail', l.provider, l.id, e.kind::text from (
       select received_at, event_log_id, kind from app_public.mail_events where sub_task_id is null order by received_at desc limit 50) as e
       join app_public.event_logs l on l.received_at = e.received_at and l.id = e.event_log_id)
  ) as found
   order by found.received_at desc, found.id desc;
$$;

revoke all on function app_hidden.unresolved_rows() from public;
grant execute on function app_hidden.unresolved_rows() to postilion_operator;
comment on function app_hidden.unresolved_rows() is 'What ops.unresolved_events shows.';

create view ops.unresolved_events as select * from app_hidden.unresolved_rows();
grant select on ops.unresolved_events to postilion_operator;
comment on view ops.unresolved_events is 'Webhooks and events, the latest first, up to 50 of each kind: waits (to be applied), again (is tried again later), parked (given up: ops.repair(events)), no mail (applied, but no mail of ours was found).';
