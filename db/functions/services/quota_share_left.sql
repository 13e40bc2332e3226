create or replace function app_hidden.quota_share_left(p_service app_public.email_services, p_at timestamptz)
returns double precision
language plpgsql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  return coalesce(
    app_hidden.quota_left(p_service, p_at)::double precision
    / nullif(app_hidden.daily_cap(p_service, app_hidden.quota_day_of(p_service, p_at)), 0), 1);
end;
$$;

revoke all on function app_hidden.quota_share_left(app_public.email_services, timestamptz) from public;
comment on function app_hidden.quota_share_left(app_public.email_services, timestamptz) is 'What share of its day''s quota a service has left; 1 without a quota.';
