-- No turn tells anybody: once a second this compares what is to be seen of each service with what was last announced. Some 15 µs a service,
-- whether anybody listens or not; rows are written, and NOTIFY is called, only where something changed. That time passes is no change.
create or replace function app_hidden.announce_services()
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, graphile_worker, pg_temp
as $$
declare
  v_count integer;
begin
  with present as (
    select s.id, known.fingerprint as announced, hashtextextended(row(
             s.name, s.is_shared, s.is_enabled, s.is_stopped, s.interval_ms, s.rate_per_second, s.daily_quota, s.warm_up_started_on, s.used_quota,
             s.quota_day, s.in_flight, s.frozen_until, s.freeze_reason, s.loop_token, j.id, known.hand_overs[1])::text, 0) as fingerprint
      from app_public.email_services s
      left join app_hidden.service_pulses known on known.email_service_id = s.id
      left join graphile_worker._private_jobs j on j.key = 'send:' || s.id
  )
  insert into app_hidden.service_pulses as known (email_service_id, sequence, fingerprint)
  select id, 1, fingerprint from present where announced is distinct from fingerprint order by id
  on conflict (email_service_id) do update set sequence = known.sequence + 1, fingerprint = excluded.fingerprint;
  get diagnostics v_count = row_count;
  if v_count > 0 then
    perform pg_notify('services', '');
  end if;
  return v_count;
end;
$$;

revoke all on function app_hidden.announce_services() from public;
comment on function app_hidden.announce_services() is 'Tells subscribers of services that changed since it last did, and answers how many did.';
