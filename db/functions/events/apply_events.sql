-- Set-based, and free of order: times are minima, the state follows from them, and what was seen before is left out by its key.
-- It commits lazily: what a crash of the server undoes is still in the inbox.
-- Lock order: sub_tasks in id order, then contacts, then counters (appended by the trigger). Rows that are with a worker keep their state:
-- the times wait on the row, and whoever settles the hand-over follows them. An event that names nothing but the provider's message id
-- may come before we know that id: it keeps its key and waits.
create or replace function app_private.apply_events(p_events jsonb)
returns bigint[]
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_fresh app_hidden.resolved_event[];
  v_ids uuid[];
  v_waiting bigint[];
begin
  perform app_hidden.commit_lazily();
  with given as (
    select distinct on (e.key) e.* from jsonb_to_recordset(p_events) as e (
      key uuid, event_log_id bigint, kind app_public.mail_event_kind, occurred_at timestamptz, sub_task_id uuid, message_id text,
      tracking_id text, machine boolean, detail jsonb, may_wait boolean)
     order by e.key
  ), resolved as (
    select g.key, g.may_wait and g.message_id is not null and coalesce(by_id.id, by_message.id, by_tracking.sub_task_id) is null as waits, row(
             g.event_log_id, coalesce(by_id.id, by_message.id, by_tracking.sub_task_id), coalesce(by_id.task_id, by_message.task_id, by_tracking.task_id),
             g.kind, least(g.occurred_at, v_now),
             case when by_id.id is not null then 'sub_task_id' when by_message.id is not null then 'message_id'
                  when by_tracking.sub_task_id is not null then 'tracking_id' end,
             g.machine, coalesce(g.detail, '{}'))::app_hidden.resolved_event as event
      from given g
      left join app_public.sub_tasks by_id on by_id.id = g.sub_task_id
      left join lateral (
        select st.id, st.task_id from app_public.sub_tasks st where st.message_id = g.message_id limit 1) as by_message on by_id.id is null
      left join app_public.sub_task_mails by_tracking on by_tracking.tracking_id = g.tracking_id and by_id.id is null and by_message.id is null
  ), fresh as (
    insert into app_hidden.event_keys (key) select r.key from resolved r where not r.waits order by r.key on conflict do nothing returning key
  )
  select coalesce(array_agg(r.event) filter (where f.key is not null), '{}'),
         coalesce(array_agg(distinct (r.event).event_log_id) filter (where r.waits), '{}')
    into v_fresh, v_waiting
    from resolved r left join fresh f on f.key = r.key;

  insert into app_public.mail_events (event_log_id, sub_task_id, task_id, kind, occurred_at, strategy, machine, detail)
  select event_log_id, sub_task_id, task_id, kind, occurred_at, strategy, machine, detail from unnest(v_fresh);

  v_ids := array(select distinct sub_task_id from unnest(v_fresh) where sub_task_id is not null order by 1);
  perform from app_public.sub_tasks where id = any (v_ids) order by id for no key update;
  perform app_hidden.apply_to_sub_tasks(v_fresh);
  perform app_hidden.follow_evidence(v_ids);
  perform app_hidden.apply_to_contacts(v_fresh);
  return v_waiting;
end;
$$;

revoke all on function app_private.apply_events(jsonb) from public;
grant execute on function app_private.apply_events(jsonb) to postilion_worker;
comment on function app_private.apply_events(jsonb) is
  'Applies parsed events to SubTasks, Contacts and suppressions; an event whose key was seen before changes nothing. Answers the event_logs that hold an event known only by a message id that no SubTask has yet: the webhook overtook its hand-over, apply them again.';
