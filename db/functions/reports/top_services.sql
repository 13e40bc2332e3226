create or replace function app_hidden.top_services(p_now timestamptz)
returns jsonb
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object(
           'id', s.id, 'name', s.name, 'activity', case when st.activity = 'no_work' then 'no work' else st.activity::text end,
           'reason', case when st.activity in ('frozen', 'exhausted') then s.freeze_reason end,
           'nextInMs', case when st.next_slot_at > p_now then app_hidden.ms_until(st.next_slot_at, p_now) end,
           'inFlight', s.in_flight, 'intervalMs', s.interval_ms, 'ratePerSecond', s.rate_per_second, 'maxInFlight', s.max_in_flight,
           'usedToday', st.used_quota, 'quota', st.daily_quota, 'accepted', s.success_rate, 'answerMs', s.answer_ms,
           'lastAgoMs', app_hidden.ms_until(p_now, last.ended_at), 'lastOutcome', last.outcome)
           order by st.activity not in ('frozen', 'stopped', 'exhausted'), st.activity in ('no_work', 'disabled'), s.name), '[]')
    from (select * from app_public.email_services order by is_enabled desc, name limit 100) as s
   cross join lateral app_hidden.state_of_service(s, p_now) as st
    left join lateral (select h.ended_at, h.outcome from unnest(st.hand_overs) as h order by h.ended_at desc limit 1) as last on true;
$$;

revoke all on function app_hidden.top_services(timestamptz) from public;
comment on function app_hidden.top_services(timestamptz) is 'A hundred services at this moment: what each does, its pace, its next slot, its last hand-over, its quota.';
