-- The first day, the days of the warm-up, the full days after it, the last day; each at most what the pace or its cap allows. A day is 24
-- hours in between; the first and the last end at midnight of the service's time zone.
create or replace function app_hidden.capacity_by(p_pace app_hidden.service_pace, p_at timestamptz)
returns double precision
language plpgsql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_first date;
  v_last date;
  v_day double precision := p_pace.mails_per_ms * 86400000;
  v_capped integer;
begin
  if p_at <= p_pace.begins_at then
    return 0;
  end if;
  if p_pace.first_quota is null and cardinality(p_pace.next_caps) = 0 then
    return p_pace.mails_per_ms * app_hidden.ms_until(p_at, p_pace.begins_at);
  end if;
  v_first := (p_pace.begins_at at time zone p_pace.timezone)::date;
  v_last := (p_at at time zone p_pace.timezone)::date;
  if v_first = v_last then
    return least(p_pace.first_quota, p_pace.mails_per_ms * app_hidden.ms_until(p_at, p_pace.begins_at));
  end if;
  v_capped := least(v_last - v_first - 1, cardinality(p_pace.next_caps));
  return least(p_pace.first_quota, p_pace.mails_per_ms * app_hidden.ms_until((v_first + 1)::timestamp at time zone p_pace.timezone, p_pace.begins_at))
       + coalesce((select sum(least(cap, v_day)) from unnest(p_pace.next_caps[1:v_capped]) as cap), 0)
       + (v_last - v_first - 1 - v_capped) * least(p_pace.daily_quota, v_day)
       + least(case when v_last - v_first <= cardinality(p_pace.next_caps) then p_pace.next_caps[v_last - v_first] else p_pace.daily_quota end,
               p_pace.mails_per_ms * app_hidden.ms_until(p_at, v_last::timestamp at time zone p_pace.timezone));
end;
$$;

revoke all on function app_hidden.capacity_by(app_hidden.service_pace, timestamptz) from public;
comment on function app_hidden.capacity_by(app_hidden.service_pace, timestamptz) is
  'How many mails a service can have sent by a time, within its pace and its quota.';
