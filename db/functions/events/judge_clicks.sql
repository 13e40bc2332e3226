-- A robot follows links at once, or many at a time. What its source said of a click holds; where it said nothing, it was a robot's when it came
-- less than 5 s after the delivery, or before it, or with clicks on two other links within 2 s. Windows begin at a link's first click of a second, so a storm of
-- clicks costs no more than its seconds. Computed anew over all clicks of a mail, so it may turn either way: an earlier delivery may become
-- known. A time whose event is gone with its month stays.
create or replace function app_hidden.judge_clicks(p_events app_hidden.resolved_event[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[];
  v_since timestamptz;
begin
  select array_agg(st.id), min(st.created_at) - interval '1 day' into v_ids, v_since
    from app_public.sub_tasks st
   where st.id = any (array(select e.sub_task_id from unnest(p_events) as e where e.kind in ('click', 'delivered'))) and st.click_count > 0;
  if v_ids is null then
    return;
  end if;
  with clicks as materialized (
    select e.id, e.received_at, e.sub_task_id, e.occurred_at, e.flagged, e.machine, e.detail ->> 'url' as url
      from app_public.mail_events e
     where e.sub_task_id = any (v_ids) and e.kind = 'click' and e.received_at >= v_since
  ), seconds as (
    select sub_task_id, url, min(occurred_at) as first, max(occurred_at) as last
      from clicks
     where url is not null
     group by sub_task_id, url, date_trunc('second', occurred_at)
  ), bursts as (
    select a.sub_task_id, a.first as begins_at
      from seconds a
      join seconds b on b.sub_task_id = a.sub_task_id and b.first <= a.first + interval '2 s' and b.last >= a.first
     group by a.sub_task_id, a.first
    having count(distinct b.url) >= 3
  ), judged as materialized (
    select c.*, coalesce(c.flagged, case when c.occurred_at < st.delivered_at + interval '5 s' or exists (
             select from bursts b
              where b.sub_task_id = c.sub_task_id and c.occurred_at between b.begins_at and b.begins_at + interval '2 s') then true end) as verdict
      from clicks c join app_public.sub_tasks st on st.id = c.sub_task_id
  ), written as (
    update app_public.mail_events e
       set machine = j.verdict
      from judged j
     where j.verdict is distinct from j.machine and e.received_at = j.received_at and e.id = j.id
  ), by_mail as (
    select sub_task_id, min(occurred_at) as first_at, min(occurred_at) filter (where verdict is not true) as human_at,
           count(*) filter (where verdict) - count(*) filter (where machine) as more_machines
      from judged
     group by sub_task_id
  )
  update app_public.sub_tasks st
     set human_clicked_at = case when st.human_clicked_at < m.first_at then st.human_clicked_at else m.human_at end,
         machine_click_count = st.machine_click_count + m.more_machines
    from by_mail m
   where st.id = m.sub_task_id
     and (m.more_machines <> 0 or case when st.human_clicked_at < m.first_at then st.human_clicked_at else m.human_at end is distinct from st.human_clicked_at);
end;
$$;

revoke all on function app_hidden.judge_clicks(app_hidden.resolved_event[]) from public;
comment on function app_hidden.judge_clicks(app_hidden.resolved_event[]) is
  'Judges which clicks of the SubTasks that events concern were a robot''s, in mail_events and in their locked rows.';
