-- The hour is read once for both tables: only that costs. First it is reduced to counts, of which the lines of both are sums. The domains are those of
-- the mails in it, found by their keys: half of what it costs. A mail that is gone counts among the others. However many domains there are, 51 lines are written.
create or replace function app_hidden.roll_up(p_hour timestamptz)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with words as (
    select * from app_hidden.hand_overs_of_hour(p_hour)
    union all select * from app_hidden.bounces_of_hour(p_hour)
    union all select * from app_hidden.events_of_hour(p_hour)
    union all select * from app_hidden.click_verdicts_of_hour(p_hour)
  ), counted as materialized (
    select w.task_id, w.service_id, w.lane, coalesce(split_part(m.recipient_email, '@', 2), '') as domain, w.word,
           count(*) as mails, coalesce(sum(w.round_trip_ms::float8), 0) as trip_ms, count(w.round_trip_ms) as trips
      from words w
      left join app_public.sub_task_mails m on m.sub_task_id = w.sub_task_id
     group by 1, 2, 3, 4, 5
  ), by_task as (
    insert into app_public.hourly_statistics (
      hour, task_id, workspace_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, opened, clicked, human_opened, human_clicked,
      complained, unsubscribed, failed, uncertain, round_trip_ms_sum, round_trip_count)
    select p_hour, c.task_id, t.workspace_id, c.service_id, c.lane,
           coalesce(sum(mails) filter (where word = 'sent'), 0), coalesce(sum(mails) filter (where word = 'delivered'), 0),
           coalesce(sum(mails) filter (where word = 'soft_bounce'), 0), coalesce(sum(mails) filter (where word = 'hard_bounce'), 0),
           coalesce(sum(case word when 'bounced' then mails when 'no longer bounced' then -mails end), 0),
           coalesce(sum(mails) filter (where word = 'open'), 0), coalesce(sum(mails) filter (where word = 'click'), 0),
           coalesce(sum(mails) filter (where word = 'human open'), 0), coalesce(sum(case word when 'human click' then mails when 'no human click' then -mails end), 0),
           coalesce(sum(mails) filter (where word = 'complaint'), 0), coalesce(sum(mails) filter (where word = 'unsubscribe'), 0),
           coalesce(sum(mails) filter (where word = 'failed'), 0), coalesce(sum(mails) filter (where word = 'uncertain'), 0),
           coalesce(sum(trip_ms) filter (where word = 'sent'), 0), coalesce(sum(trips) filter (where word = 'sent'), 0)
      from counted c
      left join app_public.tasks t on t.id = c.task_id
     group by c.task_id, t.workspace_id, c.service_id, c.lane
    on conflict do nothing
  ), ranked as (
    select domain, row_number() over (order by domain = '', sum(mails) desc, domain) as place from counted group by domain
  )
  insert into app_hidden.hourly_domain_statistics (hour, domain, sent, delivered, soft_bounced, hard_bounced, bounced, complained, failed, uncertain)
  select p_hour, case when r.place <= 50 then r.domain else '' end,
         coalesce(sum(mails) filter (where word = 'sent'), 0), coalesce(sum(mails) filter (where word = 'delivered'), 0),
         coalesce(sum(mails) filter (where word = 'soft_bounce'), 0), coalesce(sum(mails) filter (where word = 'hard_bounce'), 0),
         coalesce(sum(case word when 'bounced' then mails when 'no longer bounced' then -mails end), 0), coalesce(sum(mails) filter (where word = 'complaint'), 0),
         coalesce(sum(mails) filter (where word = 'failed'), 0), coalesce(sum(mails) filter (where word = 'uncertain'), 0)
    from counted join ranked r using (domain)
   where word not in ('open', 'click', 'human open', 'human click', 'no human click', 'unsubscribe')
   group by 2
  on conflict do nothing;
$$;

revoke all on function app_hidden.roll_up(timestamptz) from public;
comment on function app_hidden.roll_up(timestamptz) is 'Writes the lines of an hour, by Task, service and lane and by domain; those that exist stay as they are.';
