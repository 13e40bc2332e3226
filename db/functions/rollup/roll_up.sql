-- The hour is read once for both tables: only that costs. The domains are those of the mails in it, found by their keys; a mail that is gone counts
-- among the others. However many domains there are, fifty lines and one are written.
create or replace function app_hidden.roll_up(p_hour timestamptz)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with counted as materialized (
    select w.task_id, t.workspace_id, w.service_id, coalesce(st.lane, '') as lane, coalesce(split_part(m.recipient_email, '@', 2), '') as domain,
           w.word, st.round_trip_ms
      from app_hidden.words_of_hour(p_hour) as w
      left join app_public.sub_tasks st on st.id = w.sub_task_id
      left join app_public.sub_task_mails m on m.sub_task_id = w.sub_task_id
      left join app_public.tasks t on t.id = w.task_id
  ), by_task as (
    insert into app_public.hourly_statistics (
      hour, task_id, workspace_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, opened, clicked, human_opened, human_clicked,
      complained, unsubscribed, failed, uncertain, round_trip_ms_sum, round_trip_count)
    select p_hour, task_id, workspace_id, service_id, lane,
           count(*) filter (where word = 'sent'), count(*) filter (where word = 'delivered'), count(*) filter (where word = 'soft_bounce'),
           count(*) filter (where word = 'hard_bounce'),
           count(*) filter (where word = 'bounced') - count(*) filter (where word = 'no longer bounced'), count(*) filter (where word = 'open'), count(*) filter (where word = 'click'),
           count(*) filter (where word = 'human open'), count(*) filter (where word = 'human click') - count(*) filter (where word = 'no human click'),
           count(*) filter (where word = 'complaint'),
           count(*) filter (where word = 'unsubscribe'), count(*) filter (where word = 'failed'), count(*) filter (where word = 'uncertain'),
           coalesce(sum(round_trip_ms::float8) filter (where word = 'sent'), 0), count(round_trip_ms) filter (where word = 'sent')
      from counted
     group by task_id, workspace_id, service_id, lane
    on conflict do nothing
  ), ranked as (
    select domain, row_number() over (order by domain = '', count(*) desc, domain) as place from counted group by domain
  )
  insert into app_hidden.hourly_domain_statistics (hour, domain, sent, delivered, soft_bounced, hard_bounced, bounced, complained, failed, uncertain)
  select p_hour, case when r.place <= 50 then r.domain else '' end,
         count(*) filter (where word = 'sent'), count(*) filter (where word = 'delivered'), count(*) filter (where word = 'soft_bounce'),
         count(*) filter (where word = 'hard_bounce'), count(*) filter (where word = 'bounced') - count(*) filter (where word = 'no longer bounced'),
         count(*) filter (where word = 'complaint'), count(*) filter (where word = 'failed'), count(*) filter (where word = 'uncertain')
    from counted join ranked r using (domain)
   where word in ('sent', 'delivered', 'soft_bounce', 'hard_bounce', 'bounced', 'no longer bounced', 'complaint', 'failed', 'uncertain')
   group by 2
  on conflict do nothing;
$$;

revoke all on function app_hidden.roll_up(timestamptz) from public;
comment on function app_hidden.roll_up(timestamptz) is 'Writes the lines of an hour, by Task, service and lane and by domain; those that exist stay as they are.';
