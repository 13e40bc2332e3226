-- Medians, because the trouble of one hour must not widen the band that finds the next. A band is never narrower than chance makes the shares of so
-- few mails (three standard errors), than a percentage point, or a quarter of the usual answer: what is that small nobody should be woken for.
create or replace function app_hidden.trend_warnings(p_until timestamptz, p_days integer)
returns table (
  service_id uuid, service text, what text, usual double precision, bound double precision, hours bigint, hours_out bigint,
  worst_hour timestamptz, worst double precision, worst_mails bigint, last_is_out boolean
)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with hourly as materialized (
    select h.service_id, h.hour, sum(h.sent) + sum(h.failed) as decided, sum(h.failed)::float8 as failed, sum(h.round_trip_ms_sum) as ms, sum(h.round_trip_count) as trips
      from app_public.hourly_statistics h
     where h.hour >= p_until - make_interval(hours => 24 * (p_days + 1)) and h.hour < p_until and h.service_id is not null
     group by 1, 2
  ), measured as materialized (
    select hourly.service_id, hour, 'refusals' as what, failed / decided as value, decided as mails from hourly where decided >= 20
    union all
    select hourly.service_id, hour, 'latency', ms / trips, trips from hourly where trips >= 20
  ), middle as materialized (
    select m.service_id, m.what, percentile_cont(0.5) within group (order by m.value) as usual
      from measured m where m.hour < p_until - interval '24 hours'
     group by 1, 2 having count(*) >= 24
  ), bands as materialized (
    select n.service_id, n.what, n.usual, 3 * 1.4826 * percentile_cont(0.5) within group (order by abs(m.value - n.usual)) as spread
      from middle n join measured m using (service_id, what)
     where m.hour < p_until - interval '24 hours'
     group by 1, 2, 3
  ), judged as (
    select m.*, b.usual, b.usual + greatest(b.spread, case m.what when 'refusals'
             then greatest(0.01, 3 * sqrt(greatest(b.usual, 0.001) * (1 - least(b.usual, 0.999)) / m.mails)) else greatest(b.usual / 4, 50) end) as bound
      from measured m join bands b using (service_id, what)
     where m.hour >= p_until - interval '24 hours'
  )
  select j.service_id, s.name, j.what, min(j.usual), min(j.bound), count(*), count(*) filter (where j.value > j.bound),
         (array_agg(j.hour order by j.value - j.bound desc))[1], (array_agg(j.value order by j.value - j.bound desc))[1], (array_agg(j.mails order by j.value - j.bound desc))[1]::bigint,
         (array_agg(j.value > j.bound order by j.hour desc))[1]
    from judged j join app_public.email_services s on s.id = j.service_id
   group by j.service_id, s.name, j.what
  having count(*) filter (where j.value > j.bound) >= 2
   order by s.name, j.what desc;
$$;

revoke all on function app_hidden.trend_warnings(timestamptz, integer) from public;
comment on function app_hidden.trend_warnings(timestamptz, integer) is
  'Services whose share of refusals, or time to answer, left its usual band in two or more of the 24 hours before p_until. The band: median and three deviations (MAD) of the hours with 20 mails or more of p_days days before, 24 hours at least.';
