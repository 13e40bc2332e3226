create or replace function app_public.hourly_statistics_between(
  p_since timestamptz, p_until timestamptz, p_task_id uuid default null, p_service_id uuid default null
)
returns setof app_public.hourly_statistics
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select *
    from app_public.hourly_statistics
   where hour >= p_since and hour < p_until
     and (p_task_id is null or task_id = p_task_id)
     and (p_service_id is null or service_id = p_service_id)
   order by hour, task_id, service_id, lane;
$$;

revoke all on function app_public.hourly_statistics_between(timestamptz, timestamptz, uuid, uuid) from public;
grant execute on function app_public.hourly_statistics_between(timestamptz, timestamptz, uuid, uuid) to postilion_user, postilion_admin;
comment on function app_public.hourly_statistics_between(timestamptz, timestamptz, uuid, uuid) is
  'The closed hours of a period, of everything or of one Task or service.';
