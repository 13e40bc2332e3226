-- Better is who was refused less often lately, and among equals who has more of its quota left. Differences under five in a hundred are none.
create or replace function app_hidden.gives_way(p_service app_public.email_services, p_task_id uuid, p_workspace_id uuid, p_lane text, p_now timestamptz)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_share double precision := app_hidden.quota_share_left(p_service, p_now);
  v_better integer := (
    select count(*) from app_public.email_services s
     where s.id <> p_service.id and (select t.email_service_id from app_public.tasks t where t.id = p_task_id) is null and s.is_enabled and not s.is_stopped and s.frozen_until <= p_now and app_hidden.slots_left(s) > 0
       and (s.rate_per_second is null or s.rate_until <= p_now)
       and app_hidden.quota_left(s, p_now) > 0 and app_hidden.lane_left(s, p_lane, p_now) > 0
       and app_hidden.service_serves(s, p_workspace_id)
       and (s.success_rate > p_service.success_rate + 0.05
            or (s.success_rate >= p_service.success_rate - 0.05 and app_hidden.quota_share_left(s, p_now) > v_share + 0.05)));
begin
  return v_better > 0 and v_better >= (
    select count(*)
      from (
        select from app_public.lanes l
         cross join lateral (
           select from app_public.sub_tasks st
            where st.task_id = p_task_id and st.lane = l.name and st.phase = 'waiting' and st.available_at <= p_now
            order by st.available_at, st.position
            limit v_better + 1) as waiting
         limit v_better + 1) as few);
end;
$$;

revoke all on function app_hidden.gives_way(app_public.email_services, uuid, uuid, text, timestamptz) from public;
comment on function app_hidden.gives_way(app_public.email_services, uuid, uuid, text, timestamptz) is
  'Whether better services, which may send into the lane in turn, are free for all the rows of a Task that wait.';
