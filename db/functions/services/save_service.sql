-- What a turn changes of a service it writes once, at its end: under a held snapshot each version is walked over by every access by key after it: hence the place, which can't change while the row is locked.
create or replace function app_hidden.save_service(p_service app_public.email_services, p_place tid default null)
returns tid
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  v_place tid := p_place;
begin
  if v_place is null then
    select s.ctid into v_place from app_public.email_services s where s.id = p_service.id;
  end if;
  update app_public.email_services
     set in_flight = p_service.in_flight, used_quota = p_service.used_quota, quota_day = p_service.quota_day, rate_until = p_service.rate_until,
         frozen_until = p_service.frozen_until, freeze_reason = p_service.freeze_reason, freeze_count = p_service.freeze_count,
         success_rate = p_service.success_rate, answer_ms = p_service.answer_ms, loop_expires_at = p_service.loop_expires_at
   where ctid = v_place
  returning ctid into v_place;
  if not found then
    raise exception 'service % is not where it was locked', p_service.id using errcode = 'internal_error';
  end if;
  return v_place;
end;
$$;

revoke all on function app_hidden.save_service(app_public.email_services, tid) from public;
comment on function app_hidden.save_service(app_public.email_services, tid) is
  'Writes what claims and results have changed of a locked service: its slots, quota, rate, freeze, record and loop. Answers where it stands now.';
