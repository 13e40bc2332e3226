-- A mail counts for a kind of event in the hour it was first heard of; for machine and person apart, since whoever was first may have been
-- the machine. Clicks by persons are not read here: that verdict may change (click_verdicts_of_hour). What was heard earlier is among the events
-- that are kept or, its month gone, in the mail's own times, which are the earliest ever told: one that no kept event tells is from such a month.
create or replace function app_hidden.events_of_hour(p_hour timestamptz)
returns table (sub_task_id uuid, task_id uuid, service_id uuid, lane text, word text, round_trip_ms real)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with heard as (
    select distinct e.sub_task_id, e.task_id, e.kind, by_person, e.kind in ('soft_bounce', 'hard_bounce') as is_bounce
      from app_public.mail_events e
     cross join (values (false), (true)) as readings (by_person)
     where e.recorded_at >= p_hour and e.recorded_at < p_hour + interval '1 hour'
       and e.sub_task_id is not null
       and e.kind in ('delivered', 'soft_bounce', 'hard_bounce', 'open', 'click', 'complaint', 'unsubscribe')
       and (not by_person or (e.kind = 'open' and e.machine is not true))
  )
  select h.sub_task_id, h.task_id, st.service_id, coalesce(st.lane, ''), case when h.by_person then 'human ' else '' end || h.kind, null::real
    from heard h
    left join app_public.sub_tasks st on st.id = h.sub_task_id
   cross join lateral (
     select min(e.recorded_at) filter (where e.kind = h.kind) as first_recorded_at, min(e.occurred_at) as first_occurred_at
       from app_public.mail_events e
      where e.sub_task_id = h.sub_task_id
        and (e.kind = h.kind or (h.is_bounce and e.kind in ('soft_bounce', 'hard_bounce')))
        and (not h.by_person or e.machine is not true)
   ) as kept
   where kept.first_recorded_at >= p_hour
     and (case h.kind
            when 'delivered' then st.delivered_at
            when 'open' then case when h.by_person then st.human_opened_at else st.opened_at end
            when 'click' then st.clicked_at
            when 'complaint' then st.complained_at
            when 'unsubscribe' then st.unsubscribed_at
            else st.bounced_at
          end < kept.first_occurred_at) is not true;
$$;

revoke all on function app_hidden.events_of_hour(timestamptz) from public;
comment on function app_hidden.events_of_hour(timestamptz) is 'Mails of which a kind of event was first heard in an hour.';
