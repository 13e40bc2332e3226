create or replace function app_hidden.open_lanes(p_service app_public.email_services, p_at timestamptz)
returns text[]
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return array(
    select l.name from app_public.lanes l
     where not exists (
       select from app_public.email_service_caps cap
        where cap.email_service_id = p_service.id and cap.lane = l.name
          and cap.daily_cap <= case when cap.used_on >= app_hidden.quota_day_of(p_service, p_at) then cap.used else 0 end));
end;
$$;

revoke all on function app_hidden.open_lanes(app_public.email_services, timestamptz) from public;
comment on function app_hidden.open_lanes(app_public.email_services, timestamptz) is 'The lanes into which a service may send now.';
