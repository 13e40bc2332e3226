-- Every reason a service has to wait, in one place: work that is not available yet, freeze, rate, quota, a capped lane, a full house, errors of its loop.
create or replace function app_hidden.next_run_at(p_service app_public.email_services)
returns timestamptz
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_renews_at timestamptz := app_hidden.quota_renews_at(p_service, v_now);
  v_lanes text[];
  v_available timestamptz;
begin
  if not p_service.is_enabled or p_service.is_stopped then
    return null;
  end if;
  v_lanes := app_hidden.open_lanes(p_service, v_now);
  select min(greatest(head.available_at, app_hidden.window_opens_at(t, v_now), case when l.name <> all (v_lanes) then v_renews_at end)) into v_available
    from app_public.tasks t
   cross join app_public.lanes l
   cross join lateral (
     select st.available_at from app_public.sub_tasks st
      where st.task_id = t.id and st.lane = l.name and st.phase = 'waiting'
      order by st.available_at, st.position
      limit 1
   ) as head
   where t.status in ('queued', 'sending') and (t.email_service_id is null or t.email_service_id = p_service.id)
     and app_hidden.service_serves(p_service, t.workspace_id);
  if v_available is null then
    return null;
  end if;
  return greatest(
    v_now, v_available, p_service.frozen_until, case when p_service.rate_per_second is not null then p_service.rate_until end,
    case when app_hidden.quota_left(p_service, v_now) = 0 then v_renews_at end,
    case when app_hidden.slots_left(p_service) <= 0 then (
      select coalesce(min(lease_expires_at), v_now) from app_public.sub_tasks where service_id = p_service.id and phase = 'under_way') end);
end;
$$;

revoke all on function app_hidden.next_run_at(app_public.email_services) from public;
comment on function app_hidden.next_run_at(app_public.email_services) is
  'When a service can next hand something over; null when there is nothing for it, or it is disabled.';
