-- Rows of one lane, the one whose head has waited longest. What arrived within the last second is left to a better service that is free, when
-- fewer rows wait than such services: services pull, so nobody else could prefer one.
create or replace function app_hidden.allocate(
  p_service app_public.email_services, p_turn app_hidden.turn, p_lanes text[], p_limit integer, p_now timestamptz,
  p_hint app_private.claim_hint, p_claim_token uuid, p_begin boolean
)
returns app_hidden.booking
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_claim app_private.claim;
  v_quota_day date := app_hidden.quota_day_of(p_service, p_now);
  v_lane text := p_lanes[1];
  v_lane_left integer;
  v_locked uuid[];
  v_places tid[];
  v_available_at timestamptz[];
  v_positions bigint[];
  v_count integer;
  v_sender_email text := p_turn.sender_name || '@' || p_service.domain;
  v_goes_on boolean := p_turn.task_id = p_hint.task_id;
begin
  if cardinality(p_lanes) > 1 then
    v_lane := app_hidden.lane_of_turn(p_turn.task_id, p_lanes, p_hint);
  end if;
  v_lane_left := app_hidden.lane_left(p_service, v_lane, p_now);
  if p_turn.task_id is distinct from p_hint.task_id or v_lane <> p_hint.lane then
    p_hint := row(p_turn.task_id, v_lane, '-infinity', -1, null);
  end if;
  select array_agg(id), array_agg(ctid), array_agg(refusals), array_agg(available_at), array_agg(position)
    into v_locked, v_places, v_claim.refusals, v_available_at, v_positions
    from (
      select id, ctid, refusals, available_at, position from app_public.sub_tasks
       where task_id = p_turn.task_id and lane = v_lane and phase = 'waiting' and available_at <= p_now
         and (available_at, position) > (p_hint.available_at, p_hint.position)
       order by available_at, position
       limit least(p_limit, v_lane_left)
         for no key update skip locked) as locked;
  if v_locked is null then
    return app_hidden.unbooked(p_service, 'busy');
  elsif greatest(p_turn.generation_finished_at, v_available_at[1]) > p_now - interval '1 s' and app_hidden.gives_way(p_service, p_turn.task_id, p_turn.workspace_id, v_lane, p_now) then
    return app_hidden.unbooked(p_service, 'wait', p_now + interval '100 ms', p_now);
  end if;
  v_claim.hint := row(p_turn.task_id, v_lane, v_available_at[cardinality(v_locked)], v_positions[cardinality(v_locked)], null);
  v_claim.task_id := p_turn.task_id;
  v_claim.claim_token := p_claim_token;
  v_claim.wait_ms := app_hidden.ms_until(p_service.frozen_until, p_now);
  v_claim.sub_task_ids := app_hidden.without_suppressed(p_turn.workspace_id, v_locked);
  v_count := cardinality(v_claim.sub_task_ids);
  v_claim.outcome := case when v_count > 0 then 'claimed' else 'more' end;
  if v_count < cardinality(v_locked) then
    select array_agg(id), array_agg(ctid), array_agg(refusals) into v_claim.sub_task_ids, v_places, v_claim.refusals
      from app_public.sub_tasks where id = any (v_claim.sub_task_ids);
  end if;

  -- Found by their places, which can't change while they are locked: a lookup by key costs more, and under a held snapshot ever more.
  update app_public.sub_tasks
     set status = case when p_begin then 'sending' else 'allocated' end::app_public.sub_task_status, phase = 'under_way',
         service_id = p_service.id, claim_token = p_claim_token, claimed_by = p_service.loop_pool,
         lease_expires_at = p_now + p_service.lease_ms * interval '1 ms', quota_day = v_quota_day,
         scheduled_at = greatest(p_now, p_service.frozen_until),
         handed_over_at = case when p_begin then p_now else handed_over_at end,
         attempts = attempts + p_begin::integer,
         sender_email = v_sender_email
   where ctid = any (v_places);
  p_service.in_flight := p_service.in_flight + v_count;
  p_service.used_quota := case when p_service.quota_day = v_quota_day then p_service.used_quota else 0 end + v_count;
  p_service.quota_day := v_quota_day;
  if p_service.rate_per_second is not null then
    p_service.rate_until := greatest(p_service.rate_until, p_now - interval '50 ms') + v_count / p_service.rate_per_second * interval '1 s';
  end if;
  if v_lane_left < 2147483647 then
    perform app_hidden.count_into_lane(p_service.id, v_lane, v_quota_day, v_count);
  end if;
  -- Who serves the same Task again has no turn to note: whoever else comes was served before it, or never.
  if v_goes_on is not true then
    update app_hidden.service_turns set last_task_id = p_turn.task_id, served_at = p_now where ctid = p_turn.place;
    if not found then
      insert into app_hidden.service_turns (email_service_id, workspace_id, last_task_id, served_at) values (p_service.id, p_turn.workspace_id, p_turn.task_id, p_now);
    end if;
  end if;
  return row(p_service, v_claim, false, v_sender_email, p_turn.sender_display_name, p_turn.reply_to, p_turn.track_opens, p_turn.track_clicks)::app_hidden.booking;
end;
$$;

revoke all on function app_hidden.allocate(app_public.email_services, app_hidden.turn, text[], integer, timestamptz, app_private.claim_hint, uuid, boolean) from public;
comment on function app_hidden.allocate(app_public.email_services, app_hidden.turn, text[], integer, timestamptz, app_private.claim_hint, uuid, boolean) is
  'Gives up to p_limit rows of a chosen Task to a locked service: token, lease, From address, quota, turn. The service is left to save_service. Outcome busy: all of them were locked; wait: they are left to a better service for a moment.';
