create or replace function app_hidden.roll_up(p_hour timestamptz)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with counted as (
    select * from app_hidden.hand_overs_of_hour(p_hour)
    union all select * from app_hidden.bounces_of_hour(p_hour)
    union all select * from app_hidden.events_of_hour(p_hour)
    union all select * from app_hidden.click_verdicts_of_hour(p_hour)
  )
  insert into app_public.hourly_statistics (
    hour, task_id, workspace_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, opened, clicked, human_opened, human_clicked,
    complained, unsubscribed, failed, uncertain, round_trip_ms_sum, round_trip_count)
  select p_hour, c.task_id, t.workspace_id, c.service_id, coalesce(st.lane, ''),
         count(*) filter (where word = 'sent'), count(*) filter (where word = 'delivered'), count(*) filter (where word = 'soft_bounce'),
         count(*) filter (where word = 'hard_bounce'),
         count(*) filter (where word = 'bounced') - count(*) filter (where word = 'no longer bounced'), count(*) filter (where word = 'open'), count(*) filter (where word = 'click'),
         count(*) filter (where word = 'human open'), count(*) filter (where word = 'human click') - count(*) filter (where word = 'no human click'),
         count(*) filter (where word = 'complaint'),
         count(*) filter (where word = 'unsubscribe'), count(*) filter (where word = 'failed'), count(*) filter (where word = 'uncertain'),
         coalesce(sum(st.round_trip_ms::float8) filter (where word = 'sent'), 0), count(st.round_trip_ms) filter (where word = 'sent')
    from counted c
    left join app_public.sub_tasks st on st.id = c.sub_task_id
    left join app_public.tasks t on t.id = c.task_id
   group by c.task_id, t.workspace_id, c.service_id, coalesce(st.lane, '')
  on conflict do nothing;
$$;

revoke all on function app_hidden.roll_up(timestamptz) from public;
comment on function app_hidden.roll_up(timestamptz) is 'Writes the lines of an hour; those that exist stay as they are.';
