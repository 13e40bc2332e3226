-- The same question that wake_idle_services asks.
create or replace function app_hidden.service_is_attended(p_service app_public.email_services, p_now timestamptz)
returns boolean
language sql
stable
set search_path to pg_catalog, app_hidden, graphile_worker, pg_temp
as $$
  select (p_service.loop_token is not null and p_service.loop_expires_at > p_now) or exists (
    select from graphile_worker._private_jobs j
     where j.key = 'send:' || p_service.id and j.locked_at is null and j.run_at < now() + interval '10 s');
$$;

revoke all on function app_hidden.service_is_attended(app_public.email_services, timestamptz) from public;
comment on function app_hidden.service_is_attended(app_public.email_services, timestamptz) is
  'Whether a service has a live loop, or a job due within 10 s that will begin one.';
