create or replace function app_hidden.daily_cap(p_service app_public.email_services, p_day date)
returns integer
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  -- The day before the first. Days are compared, not subtracted: a service that is frozen for ever is asked about infinity.
  v_eve date := p_service.warm_up_started_on - 1;
begin
  if v_eve is null then
    return p_service.daily_quota;
  end if;
  return least(p_service.daily_quota, (
    select w.daily_cap from app_public.email_service_warm_up w
     where w.email_service_id = p_service.id and v_eve + w.day <= p_day
       and p_day <= v_eve + (select max(last.day) from app_public.email_service_warm_up last where last.email_service_id = p_service.id)
     order by w.day desc
     limit 1));
end;
$$;

revoke all on function app_hidden.daily_cap(app_public.email_services, date) from public;
comment on function app_hidden.daily_cap(app_public.email_services, date) is
  'How many mails a service may send on a day, by its quota and its warm-up; null: any number.';
