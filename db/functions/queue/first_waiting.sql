-- The index leads by lane, so each lane is probed by itself; there are few.
create or replace function app_hidden.first_waiting(p_task_id uuid, p_lanes text[])
returns timestamptz
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  return (
    select min(head.available_at)
      from unnest(p_lanes) as p_lane (name)
     cross join lateral (
       select st.available_at from app_public.sub_tasks st
        where st.task_id = p_task_id and st.lane = p_lane.name and st.phase = 'waiting'
        order by st.available_at, st.position
        limit 1) as head);
end;
$$;

revoke all on function app_hidden.first_waiting(uuid, text[]) from public;
comment on function app_hidden.first_waiting(uuid, text[]) is 'From when on the first waiting row of a Task in these lanes may be claimed; null: none waits there.';
