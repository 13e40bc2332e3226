-- The smallest of what bounds a service decides. An answer of 250 ms is assumed where none is known, as in forecasts (service_paces).
create or replace function app_hidden.service_capacity(p_service app_public.email_services, p_now timestamptz)
returns jsonb
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ms double precision := greatest(coalesce(p_service.answer_ms, 250), 1);
  v_day date := app_hidden.quota_day_of(p_service, p_now);
  v_pace double precision;
  v_cap integer := app_hidden.daily_cap(p_service, v_day);
  v_used integer := case when v_day > p_service.quota_day then 0 else p_service.used_quota end;
begin
  v_pace := 86400 * least(
    case when p_service.interval_ms > 0 then 1000 / (p_service.interval_ms + v_ms) else p_service.max_in_flight * 1000 / v_ms end, p_service.rate_per_second);
  return jsonb_build_object(
    'id', p_service.id, 'name', p_service.name, 'byPace', floor(v_pace), 'cap', v_cap, 'perDay', floor(least(v_pace, v_cap)), 'used', v_used,
    'binds', case
      when p_service.is_stopped or not p_service.is_enabled then 'off'
      when v_cap < v_pace then case when v_cap < coalesce(p_service.daily_quota, 'infinity'::float8) then 'warm-up' else 'quota' end
      when p_service.interval_ms > 0 then 'interval'
      when p_service.rate_per_second * v_ms < p_service.max_in_flight * 1000 then 'rate'
      else 'answers' end,
    'intervalMs', p_service.interval_ms, 'ratePerSecond', p_service.rate_per_second, 'maxInFlight', p_service.max_in_flight, 'answerMs', p_service.answer_ms,
    'warmUpDays', cardinality(app_hidden.warm_up_left(p_service, p_now)), 'quota', p_service.daily_quota,
    'frozenUntil', case when p_service.freeze_reason is not null and p_service.frozen_until > p_now and isfinite(p_service.frozen_until) then p_service.frozen_until end,
    'freezeReason', case when p_service.frozen_until > p_now then p_service.freeze_reason end);
end;
$$;

revoke all on function app_hidden.service_capacity(app_public.email_services, timestamptz) from public;
comment on function app_hidden.service_capacity(app_public.email_services, timestamptz) is
  'How many mails a day a service may send today, and what decides that: quota, warm-up, interval, rate, answers (max_in_flight in one answer), or that it is off.';
