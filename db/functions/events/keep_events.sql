-- Keys are taken in their order, before any row is locked: whoever waits for a key holds no SubTask.
-- What finds its SubTask at last replaces what was kept of it while it had none. Ids go with the times, so that the first of a storm are not just any of it.
create or replace function app_hidden.keep_events(p_events app_hidden.resolved_event[])
returns app_hidden.resolved_event[]
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_fresh app_hidden.resolved_event[];
begin
  with taken as (
    insert into app_hidden.event_keys as known (key, is_resolved)
    select e.key, e.sub_task_id is not null from unnest(p_events) as e where not e.waits order by e.key
    on conflict (key) do update set is_resolved = true, is_late = true, seen_at = excluded.seen_at
     where excluded.is_resolved and not known.is_resolved
    returning known.key, known.is_late
  ), replaced as (
    delete from app_public.mail_events old using taken t where t.is_late and old.key = t.key and old.sub_task_id is null
  ), kept as (
    insert into app_public.mail_events
      (received_at, event_log_id, key, sub_task_id, task_id, kind, occurred_at, strategy, flagged, machine, detail)
    select e.received_at, e.event_log_id, e.key, e.sub_task_id, e.task_id, e.kind, e.occurred_at, e.strategy, e.flagged, e.flagged, e.detail
      from unnest(p_events) as e join taken t on t.key = e.key
     order by e.occurred_at
    returning id, received_at, task_id
  ), listed as (
    insert into app_hidden.event_batches (task_id, event_count, event_ids, received_at)
    select task_id, count(*), (array_agg(id order by id desc))[1:100], (array_agg(received_at order by id desc))[1:100]
      from kept
     where task_id is not null
     group by task_id
  )
  select coalesce(array_agg(e), '{}') into v_fresh from unnest(p_events) as e join taken t on t.key = e.key where e.sub_task_id is not null;
  return v_fresh;
end;
$$;

revoke all on function app_hidden.keep_events(app_hidden.resolved_event[]) from public;
comment on function app_hidden.keep_events(app_hidden.resolved_event[]) is
  'Takes the keys of events and writes them to mail_events. Answers those that count now: their SubTask was found, for the first time.';
