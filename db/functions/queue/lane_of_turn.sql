create or replace function app_hidden.lane_of_turn(p_task_id uuid, p_lanes text[], p_hint app_private.claim_hint)
returns text
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  return (
    select p_lane.name
      from unnest(p_lanes) as p_lane (name)
     cross join lateral (
       select st.available_at, st.position from app_public.sub_tasks st
        where st.task_id = p_task_id and st.lane = p_lane.name and st.phase = 'waiting'
          and (st.available_at, st.position) > (
            case when p_task_id = p_hint.task_id and p_lane.name = p_hint.lane then p_hint.available_at else '-infinity' end,
            case when p_task_id = p_hint.task_id and p_lane.name = p_hint.lane then p_hint.position else -1 end)
        order by st.available_at, st.position
        limit 1) as head
     order by head.available_at, head.position
     limit 1);
end;
$$;

revoke all on function app_hidden.lane_of_turn(uuid, text[], app_private.claim_hint) from public;
comment on function app_hidden.lane_of_turn(uuid, text[], app_private.claim_hint) is 'Of these lanes, the one whose first waiting row of a Task has waited longest.';
