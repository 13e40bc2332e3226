-- One update for times, counts and state; a row that nothing changes is left alone (a provider's "sent" comes for every mail).
-- Whether soft bounces of the address must be counted anew is known here, where old and new times meet: when there is a bounce, or when what
-- was delivered is found to have been delivered earlier.
-- A provider that took a mail, or defers it, settles a doubt, and so does one that gave it up (failed) where nothing else was heard: that is the weakest
-- word, so a row that failed by it alone is still in doubt here. What is sent already stays so, whatever "failed" says: its hand-over is counted.
-- Such words count from a minute before the hand-over on, lest those of an earlier one settle this one.
-- What was told is read once: joined with itself, of ten thousand mails, by a planner that expects ten, it took 17 s.
create or replace function app_hidden.apply_to_sub_tasks(p_events app_hidden.resolved_event[])
returns uuid[]
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_to_look_at uuid[];
begin
  with told as materialized (
    select sub_task_id,
           max(occurred_at) filter (where kind in ('sent', 'deferred')) as taken_at,
           max(occurred_at) filter (where kind = 'failed') as failed_at,
           min(occurred_at) filter (where kind = 'delivered') as delivered_at,
           min(occurred_at) filter (where kind = 'open') as opened_at,
           min(occurred_at) filter (where kind = 'click') as clicked_at,
           min(occurred_at) filter (where kind = 'open' and flagged is not true) as human_opened_at,
           min(occurred_at) filter (where kind in ('soft_bounce', 'hard_bounce')) as bounced_at,
           bool_and(kind = 'soft_bounce') filter (where kind in ('soft_bounce', 'hard_bounce')) as bounce_is_soft,
           min(occurred_at) filter (where kind = 'unsubscribe') as unsubscribed_at,
           min(occurred_at) filter (where kind = 'complaint') as complained_at,
           count(*) filter (where kind = 'open') as opens,
           count(*) filter (where kind = 'click') as clicks,
           count(*) filter (where kind = 'open' and flagged) as machine_opens,
           count(*) filter (where kind = 'click' and flagged) as machine_clicks
      from unnest(p_events)
     where kind <> 'other'
     group by sub_task_id
  ), timed as (
    select st.id, st.status, d.is_in_doubt, st.handed_over_at, least(st.delivered_at, st.opened_at, st.clicked_at) as heard_at,
           case when d.is_in_doubt and t.taken_at >= d.since then coalesce(st.sent_at, st.handed_over_at) else st.sent_at end as sent_at,
           case when d.is_in_doubt and t.failed_at >= d.since then greatest(st.failed_at, t.failed_at) else st.failed_at end as failed_at,
           least(st.delivered_at, t.delivered_at) as delivered_at,
           least(st.opened_at, t.opened_at) as opened_at,
           least(st.clicked_at, t.clicked_at) as clicked_at,
           least(st.bounced_at, t.bounced_at) as bounced_at,
           case when t.bounce_is_soft is null then st.bounce_is_soft else t.bounce_is_soft and st.bounce_is_soft is not false end as bounce_is_soft,
           least(st.unsubscribed_at, t.unsubscribed_at) as unsubscribed_at,
           least(st.complained_at, t.complained_at) as complained_at,
           least(st.human_opened_at, t.human_opened_at) as human_opened_at,
           t.opens, t.clicks, t.machine_opens, t.machine_clicks, t.bounced_at is not null as bounces
      from told t
      join app_public.sub_tasks st on st.id = t.sub_task_id
      cross join lateral (
             select st.status = 'uncertain' or (st.status = 'failed' and st.error_code = 'provider_failed') as is_in_doubt,
                    st.handed_over_at - interval '1 minute' as since) as d
  ), followed as materialized (
    select t.*, case when s.status = 'uncertain' and t.failed_at is not null then 'failed' else s.status end as next_status,
           t.is_in_doubt and s.status <> 'uncertain' as is_settled
      from timed t
      cross join lateral app_hidden.followed_status(
             case when t.is_in_doubt then 'uncertain' else t.status end, t.sent_at, t.delivered_at, t.opened_at, t.clicked_at, t.bounced_at,
             t.bounce_is_soft, coalesce(t.unsubscribed_at, t.complained_at)) as s (status)
  ), changed as (
    update app_public.sub_tasks st
       set status = n.next_status,
           phase = case n.next_status when n.status then st.phase when 'failed' then 'failed' else 'over' end::app_public.sub_task_phase,
           failed_at = case when not n.is_settled then n.failed_at end,
           error_code = case when n.is_settled then null when n.is_in_doubt and n.next_status = 'failed' then 'provider_failed' else st.error_code end,
           error_message = case when n.is_settled then null
                                when n.is_in_doubt and n.next_status = 'failed' then 'the provider says that it did not send it' else st.error_message end,
           sent_at = case when n.next_status in (n.status, 'failed') then n.sent_at else coalesce(n.sent_at, n.handed_over_at, app_hidden.current_time()) end,
           delivered_at = n.delivered_at, opened_at = n.opened_at, clicked_at = n.clicked_at, bounced_at = n.bounced_at,
           bounce_is_soft = n.bounce_is_soft, unsubscribed_at = n.unsubscribed_at, complained_at = n.complained_at,
           human_opened_at = n.human_opened_at, open_count = st.open_count + n.opens, click_count = st.click_count + n.clicks,
           machine_open_count = st.machine_open_count + n.machine_opens, machine_click_count = st.machine_click_count + n.machine_clicks
      from followed n
     where st.id = n.id
       and (n.opens > 0 or n.clicks > 0 or (n.sent_at, n.failed_at, n.delivered_at, n.bounced_at, n.bounce_is_soft, n.unsubscribed_at, n.complained_at)
            is distinct from (st.sent_at, st.failed_at, st.delivered_at, st.bounced_at, st.bounce_is_soft, st.unsubscribed_at, st.complained_at))
    returning st.id, n.bounces or st.bounced_at is not null or least(st.delivered_at, st.opened_at, st.clicked_at) < n.heard_at as is_to_look_at
  )
  select coalesce(array_agg(c.id) filter (where c.is_to_look_at), '{}') into v_to_look_at from changed c;
  return v_to_look_at;
end;
$$;

revoke all on function app_hidden.apply_to_sub_tasks(app_hidden.resolved_event[]) from public;
comment on function app_hidden.apply_to_sub_tasks(app_hidden.resolved_event[]) is
  'Writes the times and counts of events to their locked SubTasks, and the state that follows. Answers those whose address''s soft bounces must be counted anew.';
