-- The first of these that applies, in the order in which a claim asks. Whether there is work is told by the loop and the job, which know it,
-- not by looking through the Tasks: this is asked once a second for every service.
create or replace function app_hidden.state_of_service(p_service app_public.email_services, p_now timestamptz)
returns app_public.service_state
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, graphile_worker, pg_temp
as $$
declare
  v_day date := app_hidden.quota_day_of(p_service, p_now);
  v_cap integer := app_hidden.daily_cap(p_service, v_day);
  v_used integer := case when v_day > p_service.quota_day then 0 else p_service.used_quota end;
  v_is_awake boolean := p_service.loop_token is not null and p_service.loop_expires_at > p_now;
  v_thaw timestamptz := greatest(p_service.frozen_until, case when p_service.rate_per_second is not null then p_service.rate_until end);
  v_pulse app_hidden.service_pulses;
  v_state app_public.service_state;
begin
  select * into v_pulse from app_hidden.service_pulses where email_service_id = p_service.id;
  v_state.email_service_id := p_service.id;
  v_state.used_quota := v_used;
  v_state.daily_quota := v_cap;
  v_state.in_flight := p_service.in_flight;
  v_state.sequence := coalesce(v_pulse.sequence, 0);
  v_state.hand_overs := coalesce(v_pulse.hand_overs, '{}');
  v_state.next_slot_at := greatest(p_now, v_thaw);
  v_state.activity := case
    when p_service.is_stopped then 'stopped'
    when not p_service.is_enabled then 'disabled'
    when p_service.in_flight > 0 then 'sending'
    when v_used >= v_cap then 'exhausted'
    when p_service.freeze_reason is not null and v_thaw > p_now then 'frozen'
    when not v_is_awake and not exists (select from graphile_worker._private_jobs j where j.key = 'send:' || p_service.id) then 'no_work'
    when v_is_awake and p_service.interval_ms = 0 then 'sending'
    else 'waiting'
  end;
  if v_used >= v_cap then
    v_state.next_slot_at := greatest(v_state.next_slot_at, app_hidden.quota_renews_at(p_service, p_now));
  end if;
  v_state.next_slot_at := case when v_state.activity not in ('stopped', 'disabled', 'no_work') then nullif(v_state.next_slot_at, 'infinity') end;
  v_state.until := case when v_state.activity in ('exhausted', 'frozen', 'waiting') then v_state.next_slot_at end;
  v_state.reason := case when v_state.activity = 'frozen' then p_service.freeze_reason end;
  return v_state;
end;
$$;

revoke all on function app_hidden.state_of_service(app_public.email_services, timestamptz) from public;
comment on function app_hidden.state_of_service(app_public.email_services, timestamptz) is
  'What a service does at a moment, until when, and what its last turns came to. next_slot_at: when it may hand over its next mail; null: nobody can tell, or there is none.';
