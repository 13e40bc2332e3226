-- A mail counts for a kind of event in the hour it was first heard of; for machine and person apart, since whoever was first may have been
-- the machine. What was heard earlier is found by the mail, in months that are still kept.
create or replace function app_hidden.events_of_hour(p_hour timestamptz)
returns table (sub_task_id uuid, task_id uuid, service_id uuid, word text)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with heard as (
    select distinct e.sub_task_id, e.task_id, e.kind, by_person
      from app_public.mail_events e
     cross join (values (false), (true)) as readings (by_person)
     where e.recorded_at >= p_hour and e.recorded_at < p_hour + interval '1 hour'
       and e.sub_task_id is not null
       and e.kind in ('delivered', 'soft_bounce', 'hard_bounce', 'open', 'click', 'complaint', 'unsubscribe')
       and (not by_person or (e.kind in ('open', 'click') and e.machine is not true))
  )
  select h.sub_task_id, h.task_id, st.service_id, case when h.by_person then 'human ' else '' end || h.kind
    from heard h
    left join app_public.sub_tasks st on st.id = h.sub_task_id
   where (select true
            from app_public.mail_events earlier
           where earlier.sub_task_id = h.sub_task_id and earlier.kind = h.kind and earlier.recorded_at < p_hour
             and (not h.by_person or earlier.machine is not true)
           limit 1) is null;
$$;

revoke all on function app_hidden.events_of_hour(timestamptz) from public;
comment on function app_hidden.events_of_hour(timestamptz) is 'Mails of which a kind of event was first heard in an hour.';
