create or replace function app_hidden.quota_left(p_service app_public.email_services, p_at timestamptz)
returns integer
language plpgsql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_day date := app_hidden.quota_day_of(p_service, p_at);
  v_cap integer := app_hidden.daily_cap(p_service, v_day);
begin
  return case
    when v_cap is null then 2147483647
    when v_day > p_service.quota_day then v_cap
    else greatest(v_cap - p_service.used_quota, 0)
  end;
end;
$$;

revoke all on function app_hidden.quota_left(app_public.email_services, timestamptz) from public;
comment on function app_hidden.quota_left(app_public.email_services, timestamptz) is 'How many mails a service may still send on its day.';
