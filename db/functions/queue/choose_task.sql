-- Priority first, then workspaces in turn, then each one's Tasks in turn. The turns are this service's own, so services never wait for each
-- other. A Task locked by someone (pause, resume) is passed over for this once, and so is p_except, whose rows were all locked, or are
-- left to a better service.
-- Under a held snapshot dead entries pile up at the head of the index; the hint begins behind them. Nothing rests on it.
-- The probe is a scalar subquery, which is not pulled up: as a semi join it scanned every pending row for each open Task (8 ms became 700).
create or replace function app_hidden.choose_task(p_service app_public.email_services, p_lanes text[], p_now timestamptz, p_except uuid, p_hint app_private.claim_hint)
returns app_hidden.turn
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_turn app_hidden.turn;
begin
  select t.id, turn.ctid, t.workspace_id, t.generation_finished_at, t.track_opens, t.track_clicks, s.name, s.display_name, s.reply_to into v_turn
    from app_public.tasks t
    join app_public.senders s on s.id = t.sender_id
    left join app_hidden.service_turns turn on turn.email_service_id = p_service.id and turn.workspace_id = t.workspace_id
   where t.status in ('queued', 'sending') and t.id is distinct from p_except
     and (t.window_days is null or app_hidden.window_opens_at(t, p_now) <= p_now)
     and (t.email_service_id is null or t.email_service_id = p_service.id)
     and (p_service.is_shared or app_hidden.service_serves(p_service, t.workspace_id))
     and (
       select true
         from unnest(p_lanes) as p_lane (name)
        cross join lateral (
          select from app_public.sub_tasks st
           where st.task_id = t.id and st.lane = p_lane.name and st.phase = 'waiting' and st.available_at <= p_now
             and (st.available_at, st.position) > (
               case when t.id = p_hint.task_id and p_lane.name = p_hint.lane then p_hint.available_at else '-infinity' end,
               case when t.id = p_hint.task_id and p_lane.name = p_hint.lane then p_hint.position else -1 end)
           order by st.available_at, st.position
           limit 1) as head
        limit 1)
   order by t.priority desc, turn.served_at nulls first, t.workspace_id, t.id <= turn.last_task_id nulls first, t.id
   limit 1
     for share of t skip locked;
  return v_turn;
end;
$$;

revoke all on function app_hidden.choose_task(app_public.email_services, text[], timestamptz, uuid, app_private.claim_hint) from public;
comment on function app_hidden.choose_task(app_public.email_services, text[], timestamptz, uuid, app_private.claim_hint) is 'The Task whose turn it is at a service, locked for share; null when none has anything for it in these lanes.';
