create or replace function app_hidden.quota_day_of(p_service app_public.email_services, p_at timestamptz)
returns date
language plpgsql
stable
set search_path to pg_catalog, pg_temp
as $$
begin
  return greatest((p_at at time zone p_service.timezone)::date, p_service.quota_day);
end;
$$;

revoke all on function app_hidden.quota_day_of(app_public.email_services, timestamptz) from public;
comment on function app_hidden.quota_day_of(app_public.email_services, timestamptz) is
  'The day a mail counts for, in the service''s time zone. Never goes back: a clock or zone set back must not grant a second quota.';
