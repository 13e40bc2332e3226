create or replace function app_hidden.warm_up_left(p_service app_public.email_services, p_at timestamptz)
returns integer[]
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_day date := app_hidden.quota_day_of(p_service, p_at);
  v_last date := p_service.warm_up_started_on + (
    select max(day) from app_public.email_service_warm_up where email_service_id = p_service.id) - 1;
begin
  if not isfinite(v_day) or not isfinite(v_last) then
    return '{}';
  end if;
  return array(select app_hidden.daily_cap(p_service, v_day + n) from generate_series(1, v_last - v_day) as n order by n);
end;
$$;

revoke all on function app_hidden.warm_up_left(app_public.email_services, timestamptz) from public;
comment on function app_hidden.warm_up_left(app_public.email_services, timestamptz) is
  'How many mails a service may send on each day after a time''s while its warm-up lasts; empty: there is none.';
