create or replace function app_hidden.lane_left(p_service app_public.email_services, p_lane text, p_at timestamptz)
returns integer
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return coalesce((
    select greatest(cap.daily_cap - case when cap.used_on >= app_hidden.quota_day_of(p_service, p_at) then cap.used else 0 end, 0)
      from app_public.email_service_caps cap
     where cap.email_service_id = p_service.id and cap.lane = p_lane), 2147483647);
end;
$$;

revoke all on function app_hidden.lane_left(app_public.email_services, text, timestamptz) from public;
comment on function app_hidden.lane_left(app_public.email_services, text, timestamptz) is 'How many mails a service may still send into a lane on its day.';
