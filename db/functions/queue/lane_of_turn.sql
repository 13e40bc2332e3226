create or replace function app_hidden.lane_of_turn(p_task_id uuid, p_lanes text[])
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
        order by st.available_at, st.position
        limit 1) as head
     order by head.available_at, head.position
     limit 1);
end;
$$;

revoke all on function app_hidden.lane_of_turn(uuid, text[]) from public;
comment on function app_hidden.lane_of_turn(uuid, text[]) is 'Of these lanes, the one whose first waiting row of a Task has waited longest.';
