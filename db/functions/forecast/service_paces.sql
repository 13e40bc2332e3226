create or replace function app_hidden.service_paces(p_now timestamptz)
returns setof app_hidden.service_pace
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id, s.name,
         least(case when s.interval_ms > 0 then 1 / (s.interval_ms + trip.ms) else s.max_in_flight / trip.ms end, s.rate_per_second / 1000),
         began.at, nullif(app_hidden.quota_left(s, began.at), 2147483647), s.daily_quota, app_hidden.warm_up_left(s, began.at), s.timezone
    from app_public.email_services s
   cross join lateral (select greatest(coalesce(s.answer_ms, 250), 1)) as trip (ms)
   cross join lateral (select greatest(s.frozen_until, p_now)) as began (at)
   where s.is_enabled
   order by s.name;
$$;

revoke all on function app_hidden.service_paces(timestamptz) from public;
comment on function app_hidden.service_paces(timestamptz) is
  'The pace of every enabled service from a time on: the interval and the provider''s recent answers (250 ms when unknown) a mail, or max_in_flight in one answer.';
