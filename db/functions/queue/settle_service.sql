-- A provider that is away, or refuses all it gets, must not be fed the whole queue: every mail would use up its attempts within minutes.
create or replace function app_hidden.settle_service(
  p_service_id uuid, p_left integer, p_unsent integer, p_results app_private.send_result[], p_entered timestamptz
)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v record;
begin
  select bool_or(r.kind <> 'not_sent') as handed_over,
         bool_or(r.kind = 'accepted') as accepted,
         min(coalesce(r.message, r.code, 'unusable')) filter (where r.kind = 'unusable') as fault,
         case when bool_and(r.kind in ('deferred', 'not_sent')) then
           min(coalesce(r.message, r.code, 'refused for now')) filter (where r.kind = 'deferred') end as refuses,
         max(r.retry_after_ms) filter (where r.kind = 'deferred') as asked_to_wait,
         count(*) filter (where r.kind in ('accepted', 'unknown', 'deferred', 'unusable')) as judged,
         avg((r.kind = 'accepted')::integer) filter (where r.kind in ('accepted', 'unknown', 'deferred', 'unusable')) as successes,
         avg(r.round_trip_ms) filter (where r.kind = 'accepted') as answer_ms,
         count(*) filter (where r.kind = 'accepted') as answers
    into v
    from unnest(p_results) as r;
  update app_public.email_services
     set in_flight = in_flight - p_left,
         used_quota = greatest(used_quota - p_unsent, 0),
         frozen_until = greatest(
           frozen_until,
           case when v.handed_over and interval_ms > 0 then p_entered + interval_ms * interval '1 ms' end,
           case when v.asked_to_wait > 0 then p_entered + v.asked_to_wait * interval '1 ms' end,
           case when v.fault is not null then p_entered + least(10 * 2 ^ freeze_count, 3600) * interval '1 s' end,
           case when v.refuses is not null then p_entered + least(2 ^ freeze_count, 60) * interval '1 s' end),
         success_rate = case when v.judged > 0 then v.successes + (success_rate - v.successes) * 0.98 ^ v.judged else success_rate end,
         answer_ms = coalesce(v.answer_ms + (answer_ms - v.answer_ms) * 0.9 ^ v.answers, v.answer_ms, answer_ms),
         freeze_count = case when coalesce(v.fault, v.refuses) is not null then least(freeze_count + 1, 20) when v.accepted then 0 else freeze_count end,
         freeze_reason = case when coalesce(v.fault, v.refuses) is not null then left(coalesce(v.fault, v.refuses), 500) when v.accepted then null else freeze_reason end
   where id = p_service_id;
end;
$$;

revoke all on function app_hidden.settle_service(uuid, integer, integer, app_private.send_result[], timestamptz) from public;
comment on function app_hidden.settle_service(uuid, integer, integer, app_private.send_result[], timestamptz) is
  'What results mean for their locked service: slots and quota given back, the interval, and a growing freeze when it can not be used (10 s to 1 h) or refuses everything for now (1 s to 1 min).';
