-- Five strategies in order, each a probe of one index for each event that none before it resolved: limit keeps the planner from joining whole
-- tables. What was counted before is left out at once: a repeat costs one probe. An id of ours that leads nowhere, or to a mail of somebody
-- else's service, is not made up for by the recipient: who names an id is not guessed at.
create or replace function app_hidden.resolve_events(p_events jsonb)
returns app_hidden.resolved_event[]
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return array(
    with given as materialized (
      select distinct on (e.key) e.*, least(e.occurred_at, e.received_at) as at
        from jsonb_to_recordset(p_events) as e (
          key uuid, event_log_id bigint, received_at timestamptz, provider text, service_id uuid, kind app_public.mail_event_kind,
          occurred_at timestamptz, sub_task_id uuid, sub_task_id_from text, message_id text, tracking_id text, recipient text, machine boolean,
          may_wait boolean, detail jsonb)
       where (select k.is_resolved from app_hidden.event_keys k where k.key = e.key) is not true
       order by e.key, e.received_at, e.event_log_id
    ), accounts as materialized (
      select s.id, app_hidden.services_of_account(s.id) as service_ids
        from (select distinct service_id as id from given where service_id is not null) as s
    )
    select row(
             g.key, g.event_log_id, g.received_at, coalesce(by_id.id, by_message.id, by_tracking.id, by_recipient.id),
             coalesce(by_id.task_id, by_message.task_id, by_tracking.task_id, by_recipient.task_id), g.kind, g.at,
             case when by_id.id is not null then coalesce(g.sub_task_id_from, 'payload') when by_message.id is not null then 'message_id'
                  when by_tracking.id is not null then 'tracking_id' when by_recipient.id is not null then 'recipient' end,
             g.machine, coalesce(g.detail, '{}'),
             g.may_wait and g.message_id is not null and coalesce(by_id.id, by_message.id, by_tracking.id, by_recipient.id) is null
           )::app_hidden.resolved_event
      from given g
      left join accounts a on a.id = g.service_id
      left join lateral (
        select st.id, st.task_id from app_public.sub_tasks st
         where st.id = g.sub_task_id
           and (a.id is null or st.service_id = any (a.service_ids) or app_hidden.handed_over_by(st.id, a.service_ids))
         limit 1) as by_id on true
      left join lateral (
        select st.id, st.task_id from app_public.sub_tasks st
         where by_id.id is null and st.message_id = g.message_id
           and (a.id is null or st.service_id = any (a.service_ids) or app_hidden.handed_over_by(st.id, a.service_ids))
         order by st.id
         limit 1) as by_message on true
      left join lateral (
        select st.id, st.task_id from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
         where coalesce(by_id.id, by_message.id) is null and m.tracking_id = g.tracking_id
           and (a.id is null or st.service_id = any (a.service_ids) or app_hidden.handed_over_by(st.id, a.service_ids))
         limit 1) as by_tracking on true
      left join lateral (
        select found.id, found.task_id from app_hidden.mail_to(g.recipient, g.at, a.service_ids, g.provider, g.message_id) as found
         where coalesce(by_id.id, by_message.id, by_tracking.id) is null and g.recipient is not null and coalesce(g.sub_task_id::text, g.tracking_id) is null
         limit 1) as by_recipient on true
     order by g.key);
end;
$$;

revoke all on function app_hidden.resolve_events(jsonb) from public;
comment on function app_hidden.resolve_events(jsonb) is
  'Those of the events that did not count before, once each, with the SubTask each concerns. What came in by a service''s path concerns only mails that this service, or one that is the same account, has or had.';
