create or replace function app_hidden.click_verdicts_of_hour(p_hour timestamptz)
returns table (sub_task_id uuid, task_id uuid, service_id uuid, lane text, word text, round_trip_ms real)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select v.sub_task_id, v.task_id, v.service_id, coalesce(st.lane, ''), case when v.by_person then 'human click' else 'no human click' end, null::real
    from app_hidden.click_verdicts v
    left join app_public.sub_tasks st on st.id = v.sub_task_id
   where v.recorded_at >= p_hour and v.recorded_at < p_hour + interval '1 hour';
$$;

revoke all on function app_hidden.click_verdicts_of_hour(timestamptz) from public;
comment on function app_hidden.click_verdicts_of_hour(timestamptz) is 'Mails that began, or ceased, to count as clicked in by a person in an hour.';
