create or replace function app_hidden.quota_left(p_service app_public.email_services, p_at timestamptz)
returns integer
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select case
    when p_service.daily_quota is null then 2147483647
    when app_hidden.quota_day_of(p_service, p_at) > p_service.quota_day then p_service.daily_quota
    else greatest(p_service.daily_quota - p_service.used_quota, 0)
  end;
$$;

revoke all on function app_hidden.quota_left(app_public.email_services, timestamptz) from public;
comment on function app_hidden.quota_left(app_public.email_services, timestamptz) is 'How many mails a service may still send on its day.';
