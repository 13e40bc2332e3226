create or replace function app_hidden.apply_to_sub_tasks(p_events app_hidden.resolved_event[])
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with summed as (
    select sub_task_id,
           min(occurred_at) filter (where kind = 'sent') as sent_at,
           min(occurred_at) filter (where kind = 'delivered') as delivered_at,
           min(occurred_at) filter (where kind = 'open') as opened_at,
           min(occurred_at) filter (where kind = 'click') as clicked_at,
           min(occurred_at) filter (where kind in ('soft_bounce', 'hard_bounce')) as bounced_at,
           bool_and(kind = 'soft_bounce') filter (where kind in ('soft_bounce', 'hard_bounce')) as bounce_is_soft,
           min(occurred_at) filter (where kind = 'unsubscribe') as unsubscribed_at,
           count(*) filter (where kind = 'open') as opens,
           count(*) filter (where kind = 'click') as clicks
      from unnest(p_events)
     where sub_task_id is not null and kind not in ('deferred', 'other', 'failed', 'complaint')
     group by sub_task_id
  )
  update app_public.sub_tasks st
     set sent_at = case when st.status = 'uncertain' then coalesce(st.sent_at, s.sent_at) else st.sent_at end,
         delivered_at = least(st.delivered_at, s.delivered_at),
         opened_at = least(st.opened_at, s.opened_at),
         clicked_at = least(st.clicked_at, s.clicked_at),
         bounced_at = least(st.bounced_at, s.bounced_at),
         bounce_is_soft = case when s.bounce_is_soft is null then st.bounce_is_soft else s.bounce_is_soft and st.bounce_is_soft is not false end,
         unsubscribed_at = least(st.unsubscribed_at, s.unsubscribed_at),
         open_count = st.open_count + s.opens,
         click_count = st.click_count + s.clicks
    from summed s
   where st.id = s.sub_task_id;
$$;

revoke all on function app_hidden.apply_to_sub_tasks(app_hidden.resolved_event[]) from public;
comment on function app_hidden.apply_to_sub_tasks(app_hidden.resolved_event[]) is 'Writes the times and counts of events to their locked SubTasks.';
