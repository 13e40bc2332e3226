create or replace function app_hidden.activity_of(p_service app_public.email_services, p_now timestamptz)
returns text
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return case
    when p_service.is_stopped then 'stopped'
    when not p_service.is_enabled then 'off'
    when p_service.frozen_until > p_now and p_service.freeze_reason is not null then 'frozen'
    when app_hidden.quota_left(p_service, p_now) = 0 then 'exhausted'
    when p_service.loop_token is not null and p_service.loop_expires_at > p_now then 'sending'
    when app_hidden.next_run_at(p_service) is null then 'no work'
    when app_hidden.next_run_at(p_service) > p_now + interval '10 s' then 'waits'
    when app_hidden.service_is_attended(p_service, p_now) then 'wakes'
    else 'IDLE'
  end;
end;
$$;

revoke all on function app_hidden.activity_of(app_public.email_services, timestamptz) from public;
comment on function app_hidden.activity_of(app_public.email_services, timestamptz) is
  'What a service does at this moment, in a word. IDLE: it has work and nobody was told to do it.';
