create or replace function app_hidden.quota_renews_at(p_service app_public.email_services, p_at timestamptz)
returns timestamptz
language plpgsql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  return (app_hidden.quota_day_of(p_service, p_at) + 1)::timestamp at time zone p_service.timezone;
end;
$$;

revoke all on function app_hidden.quota_renews_at(app_public.email_services, timestamptz) from public;
comment on function app_hidden.quota_renews_at(app_public.email_services, timestamptz) is 'The next midnight of the service''s time zone.';
