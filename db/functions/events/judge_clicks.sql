-- A robot follows links at once, or many at a time. What its source said of a click holds; where it said nothing, it was a robot's when it came
-- less than 5 s after the delivery, or before it, or with clicks on two other links within 2 s. Computed anew over the clicks of a mail, so it may turn
-- either way: an earlier delivery may become known. Anyone who holds a mail can click without end, so only the first thousand clicks recorded of it are
-- weighed: beyond them it is a robot. Where not all clicks were weighed (they were too many, or their month is gone) a person's time is never taken back.
create or replace function app_hidden.judge_clicks(p_events app_hidden.resolved_event[])
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[];
  v_since timestamptz;
  v_judged app_hidden.judged_click[];
begin
  select array_agg(st.id), min(st.created_at) - interval '1 day' into v_ids, v_since
    from app_public.sub_tasks st
   where st.id = any (array(select e.sub_task_id from unnest(p_events) as e where e.kind in ('click', 'delivered'))) and st.click_count > 0;
  if v_ids is null then
    return;
  end if;
  v_judged := array(select c from app_hidden.weighed_clicks(v_ids, v_since) as c
                    union all select c from app_hidden.clicks_beyond(v_ids, v_since, p_events) as c);
  perform app_hidden.write_verdicts(v_judged);
  with by_mail as (
    select j.sub_task_id, count(*) filter (where j.verdict) - count(*) filter (where j.machine) as more_machines,
           case when count(*) < st.click_count then least(st.human_clicked_at, min(j.occurred_at) filter (where j.verdict is not true))
                else min(j.occurred_at) filter (where j.verdict is not true) end as human_clicked_at
      from unnest(v_judged) as j join app_public.sub_tasks st on st.id = j.sub_task_id
     group by j.sub_task_id, st.click_count, st.human_clicked_at
  )
  update app_public.sub_tasks st
     set human_clicked_at = m.human_clicked_at, machine_click_count = st.machine_click_count + m.more_machines
    from by_mail m
   where st.id = m.sub_task_id and (m.more_machines <> 0 or m.human_clicked_at is distinct from st.human_clicked_at);
end;
$$;

revoke all on function app_hidden.judge_clicks(app_hidden.resolved_event[]) from public;
comment on function app_hidden.judge_clicks(app_hidden.resolved_event[]) is
  'Judges which clicks of the SubTasks that events concern were a robot''s, in mail_events and in their locked rows.';
