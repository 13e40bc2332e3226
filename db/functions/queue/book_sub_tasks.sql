-- The way every mail is found and taken, with all that may stand against it. It answers with an outcome: claimed; more (what was chosen may not
-- be sent: ask again); frozen, full, exhausted, no_work, wait (with the milliseconds until that may change; wait is for the rate, or for a better
-- service); busy (something was locked for a moment); disabled; lost (another loop has the service). Whoever has nothing on its way and would wait long ends its loop.
-- A claim that is begun later may be asked for up to 250 ms before the thaw and says how long to wait: its commit then costs the pace nothing.
-- The chosen Task is locked for share, so that pause_task knows every claim; it is skipped, not waited for, since the service is held.
-- Over 80 lines: one condition after the other, in the order in which they are cheap to ask.
create or replace function app_hidden.book_sub_tasks(
  p_service app_public.email_services, p_loop_token uuid, p_limit integer, p_hint app_private.claim_hint, p_claim_token uuid, p_begin boolean
)
returns app_hidden.booking
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_limit integer;
  v_lanes text[];
  v_turn app_hidden.turn;
  v_booking app_hidden.booking;
  v_next timestamptz;
  v_is_rewritten boolean := false;
begin
  if p_service.loop_token is distinct from p_loop_token then
    return app_hidden.unbooked(p_service, 'lost');
  end if;
  if p_service.loop_expires_at < v_now + p_service.lease_ms * interval '0.7 ms' then
    p_service.loop_expires_at := v_now + p_service.lease_ms * interval '1 ms';
  end if;
  if not p_service.is_enabled or p_service.is_stopped then
    return app_hidden.unbooked(p_service, 'disabled');
  end if;
  if p_service.frozen_until > v_now + (case when p_begin then interval '0' else interval '250 ms' end) then
    return app_hidden.unbooked(p_service, 'frozen', p_service.frozen_until, v_now);
  end if;
  if p_service.rate_per_second is not null and p_service.rate_until > v_now then
    return app_hidden.unbooked(p_service, 'wait', p_service.rate_until, v_now);
  end if;
  if app_hidden.slots_left(p_service) <= 0 then
    v_is_rewritten := true;
    perform app_hidden.save_service(p_service);
    p_service := app_hidden.recount_in_flight(p_service.id, 'found by a claim');
  end if;
  v_limit := least(
    p_limit, app_hidden.slots_left(p_service), app_hidden.quota_left(p_service, v_now),
    case when p_service.rate_per_second is not null then app_hidden.rate_left(p_service, v_now) end);
  -- After a freeze for a fault one mail goes ahead of the others; its success ends the count.
  if p_service.freeze_count > 0 then
    v_limit := least(v_limit, 1 - p_service.in_flight);
  end if;
  if v_limit <= 0 and p_service.in_flight > 0 then
    -- Expired leases are looked for only where they hold something up; the sweep does the rest.
    perform app_hidden.save_service(p_service);
    if app_hidden.reap_service(p_service.id) > 0 then
      return app_hidden.unbooked(app_hidden.lock_service(p_service.id), 'more', p_is_rewritten => true);
    end if;
    return app_hidden.unbooked(p_service, 'full', case when app_hidden.slots_left(p_service) > 0 then v_now + interval '250 ms' else (
      select min(lease_expires_at) from app_public.sub_tasks where service_id = p_service.id and phase = 'under_way') end, v_now, true);
  elsif v_limit <= 0 then
    return app_hidden.unbooked(p_service, 'exhausted', app_hidden.quota_renews_at(p_service, v_now), v_now, v_is_rewritten);
  end if;

  v_lanes := app_hidden.open_lanes(p_service, v_now);
  v_turn := app_hidden.choose_task(p_service, v_lanes, v_now, null, p_hint);
  if v_turn.task_id is not null then
    v_booking := app_hidden.allocate(p_service, v_turn, v_lanes, v_limit, v_now, p_hint, p_claim_token, p_begin);
  end if;
  -- Once more without what was tried: without the hint, without the Task whose rows were locked.
  if (v_booking.claim).outcome in ('busy', 'wait') or (v_turn.task_id is null and p_hint is not null) then
    v_turn := app_hidden.choose_task(p_service, v_lanes, v_now, v_turn.task_id, null);
    if v_turn.task_id is not null then
      v_booking := app_hidden.allocate(p_service, v_turn, v_lanes, v_limit, v_now, null, p_claim_token, p_begin);
    elsif (v_booking.claim).outcome = 'busy' then
      v_booking := null;
    end if;
  end if;
  if (v_booking.claim).outcome is null then
    v_next := app_hidden.next_run_at(p_service);
    v_booking := app_hidden.unbooked(p_service, case when v_next <= v_now then 'busy' else 'no_work' end, v_next, v_now);
  end if;
  v_booking.is_rewritten := v_is_rewritten;
  return v_booking;
end;
$$;

revoke all on function app_hidden.book_sub_tasks(app_public.email_services, uuid, integer, app_private.claim_hint, uuid, boolean) from public;
comment on function app_hidden.book_sub_tasks(app_public.email_services, uuid, integer, app_private.claim_hint, uuid, boolean) is
  'Takes up to p_limit SubTasks of one Task for a locked service under a token, claimed (allocated) or begun at once (sending), and renews the loop. The service is left to save_service.';
