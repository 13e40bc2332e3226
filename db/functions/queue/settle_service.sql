-- A provider that is away, or refuses all it gets, must not be fed the whole queue: every mail would use up its attempts within minutes.
create or replace function app_hidden.settle_service(p_service app_public.email_services, p_tally app_hidden.tally, p_entered timestamptz)
returns app_public.email_services
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_trouble text := coalesce(p_tally.fault, p_tally.refuses);
begin
  p_service.in_flight := p_service.in_flight - p_tally.ended;
  p_service.used_quota := greatest(p_service.used_quota - p_tally.unsent, 0);
  if p_tally.judged > 0 then
    p_service.success_rate := p_tally.successes + (p_service.success_rate - p_tally.successes) * 0.98::double precision ^ p_tally.judged;
  end if;
  if p_tally.answers > 0 then
    p_service.answer_ms := coalesce(p_tally.answer_ms + (p_service.answer_ms - p_tally.answer_ms) * 0.9::double precision ^ p_tally.answers, p_tally.answer_ms, p_service.answer_ms);
  end if;
  p_service.frozen_until := greatest(
    p_service.frozen_until,
    case when p_tally.handed_over and p_service.interval_ms > 0 then p_entered + p_service.interval_ms * interval '1 ms' end,
    case when p_tally.asked_to_wait > 0 then p_entered + p_tally.asked_to_wait * interval '1 ms' end,
    case when p_tally.fault is not null then p_entered + least(10 * 2 ^ p_service.freeze_count, 3600) * interval '1 s' end,
    case when p_tally.refuses is not null then p_entered + least(2 ^ p_service.freeze_count, 60) * interval '1 s' end);
  -- Frozen until a person releases it (freeze_service): what was under way then says nothing against that, and its reason stays to be read.
  if p_service.frozen_until > p_entered + interval '1 year' then
    return p_service;
  end if;
  if v_trouble is not null then
    p_service.freeze_count := least(p_service.freeze_count + 1, 20);
    p_service.freeze_reason := left(v_trouble, 500);
  elsif p_tally.accepted then
    p_service.freeze_count := 0;
    p_service.freeze_reason := null;
  end if;
  return p_service;
end;
$$;

revoke all on function app_hidden.settle_service(app_public.email_services, app_hidden.tally, timestamptz) from public;
comment on function app_hidden.settle_service(app_public.email_services, app_hidden.tally, timestamptz) is
  'What results mean for their locked service: slots and quota given back, the interval, and a growing freeze when it can not be used (10 s to 1 h) or refuses everything for now (1 s to 1 min).';
