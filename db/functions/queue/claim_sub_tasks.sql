-- One short transaction under the service's lock. It answers with an outcome: claimed; more (what was chosen may not be sent: ask again);
-- frozen, full, exhausted, no_work, wait (with the milliseconds until that may change; wait is for the rate, or for a better service); busy (something was locked for a moment); disabled; lost
-- (another loop has the service). Only no_work lets a loop end. It may be asked up to 250 ms before the thaw and says how long to wait:
-- the claim's commit then costs the pace nothing, and begin_sends refuses whoever is early.
-- It commits lazily: should a crash of the server undo a claim, begin_sends refuses it; and the commit of begin makes it durable too.
-- Plans are generic, see complete_sends.
-- The chosen Task is locked for share, so that pause_task knows every claim; it is skipped, not waited for, since the service is held.
create or replace function app_private.claim_sub_tasks(p_service_id uuid, p_loop_token uuid, p_limit integer, p_hint app_private.claim_hint default null)
returns app_private.claim
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
set plan_cache_mode to force_generic_plan
set lock_timeout to '1s'
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
  v_now timestamptz := app_hidden.current_time();
  v_limit integer;
  v_lanes text[];
  v_task_id uuid;
  v_claim app_private.claim;
begin
  perform app_hidden.commit_lazily();
  if v_service.loop_token is distinct from p_loop_token then
    v_claim.outcome := 'lost';
    return v_claim;
  end if;
  if v_service.loop_expires_at < v_now + v_service.lease_ms * interval '0.7 ms' then
    update app_public.email_services set loop_expires_at = v_now + lease_ms * interval '1 ms' where id = p_service_id;
  end if;
  if not v_service.is_enabled or v_service.is_stopped then
    v_claim.outcome := 'disabled';
    return v_claim;
  end if;
  if v_service.frozen_until > v_now + interval '250 ms' then
    return app_hidden.waiting('frozen', v_service.frozen_until, v_now);
  end if;
  if v_service.rate_per_second is not null and v_service.rate_until > v_now then
    return app_hidden.waiting('wait', v_service.rate_until, v_now);
  end if;
  if app_hidden.slots_left(v_service) <= 0 then
    v_service := app_hidden.recount_in_flight(p_service_id);
  end if;
  v_limit := least(
    p_limit, app_hidden.slots_left(v_service), app_hidden.quota_left(v_service, v_now),
    case when v_service.rate_per_second is not null then app_hidden.rate_left(v_service, v_now) end);
  -- After a freeze for a fault one mail goes ahead of the others; its success ends the count.
  if v_service.freeze_count > 0 then
    v_limit := least(v_limit, 1 - v_service.in_flight);
  end if;
  if v_limit <= 0 and v_service.in_flight > 0 then
    -- Expired leases are looked for only where they hold something up; the sweep does the rest.
    if app_hidden.reap_service(p_service_id) > 0 then
      v_claim.outcome := 'more';
      return v_claim;
    end if;
    return app_hidden.waiting('full', case when app_hidden.slots_left(v_service) > 0 then v_now + interval '250 ms' else (
      select min(lease_expires_at) from app_public.sub_tasks where service_id = p_service_id and phase = 'under_way') end, v_now);
  elsif v_limit <= 0 then
    return app_hidden.waiting('exhausted', app_hidden.quota_renews_at(v_service, v_now), v_now);
  end if;

  v_lanes := app_hidden.open_lanes(v_service, v_now);
  v_task_id := app_hidden.choose_task(v_service, v_lanes, v_now, null, p_hint);
  if v_task_id is not null then
    v_claim := app_hidden.allocate(v_service, v_task_id, v_lanes, v_limit, v_now, p_hint);
    if v_claim.outcome not in ('busy', 'wait') then
      return v_claim;
    end if;
  end if;
  v_task_id := app_hidden.choose_task(v_service, v_lanes, v_now, v_task_id, null);
  if v_task_id is null and v_claim.outcome = 'wait' then
    return v_claim;
  end if;
  if v_task_id is null then
    v_claim := app_hidden.waiting('no_work', app_hidden.next_run_at(v_service), v_now);
    if v_claim.wait_ms <= 0 then
      v_claim.outcome := 'busy';
    end if;
    return v_claim;
  end if;

  return app_hidden.allocate(v_service, v_task_id, v_lanes, v_limit, v_now, null);
end;
$$;

revoke all on function app_private.claim_sub_tasks(uuid, uuid, integer, app_private.claim_hint) from public;
grant execute on function app_private.claim_sub_tasks(uuid, uuid, integer, app_private.claim_hint) to postilion_worker;
comment on function app_private.claim_sub_tasks(uuid, uuid, integer, app_private.claim_hint) is
  'Claims up to p_limit SubTasks of one Task for a service, under a fresh token and lease, and renews the loop. p_hint: what the last claim answered, a few seconds ago at most. Raises 55P03 when the service is locked for over a second.';
