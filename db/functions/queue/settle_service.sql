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
  v_handed_over boolean := exists (select from unnest(p_results) as r where r.kind <> 'not_sent');
  v_accepted boolean := exists (select from unnest(p_results) as r where r.kind = 'accepted');
  v_fault text := (select coalesce(r.message, r.code, 'unusable') from unnest(p_results) as r where r.kind = 'unusable' limit 1);
  v_refuses text := (select coalesce(r.message, r.code, 'refused for now') from unnest(p_results) as r where r.kind = 'deferred' limit 1);
  v_asked_to_wait double precision := (select max(r.retry_after_ms) from unnest(p_results) as r where r.kind = 'deferred');
begin
  if exists (select from unnest(p_results) as r where r.kind not in ('deferred', 'not_sent')) then
    v_refuses := null;
  end if;
  update app_public.email_services
     set in_flight = in_flight - p_left,
         used_quota = greatest(used_quota - p_unsent, 0),
         frozen_until = greatest(
           frozen_until,
           case when v_handed_over and interval_ms > 0 then p_entered + interval_ms * interval '1 ms' end,
           case when v_asked_to_wait > 0 then p_entered + v_asked_to_wait * interval '1 ms' end,
           case when v_fault is not null then p_entered + least(10 * 2 ^ freeze_count, 3600) * interval '1 s' end,
           case when v_refuses is not null then p_entered + least(2 ^ freeze_count, 60) * interval '1 s' end),
         freeze_count = case when coalesce(v_fault, v_refuses) is not null then least(freeze_count + 1, 20) when v_accepted then 0 else freeze_count end,
         freeze_reason = case when coalesce(v_fault, v_refuses) is not null then left(coalesce(v_fault, v_refuses), 500) when v_accepted then null else freeze_reason end
   where id = p_service_id;
end;
$$;

revoke all on function app_hidden.settle_service(uuid, integer, integer, app_private.send_result[], timestamptz) from public;
comment on function app_hidden.settle_service(uuid, integer, integer, app_private.send_result[], timestamptz) is
  'What results mean for their locked service: slots and quota given back, the interval, and a growing freeze when it can not be used (10 s to 1 h) or refuses everything for now (1 s to 1 min).';
