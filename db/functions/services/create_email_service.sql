-- Credentials arrive sealed: the server encrypts them before they come near the database, bound to the id it chose.
create or replace function app_private.create_email_service(
  p_id uuid, p_name text, p_provider text, p_domain text, p_base_url text, p_tracking_base_url text, p_interval_ms integer,
  p_max_in_flight integer, p_daily_quota integer, p_timezone text, p_timeout_ms integer, p_is_shared boolean, p_sealed bytea,
  p_repeats_are_idempotent boolean default false, p_bounce_address text default null
)
returns uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
begin
  if not exists (select from pg_timezone_names where name = p_timezone) then
    raise exception 'timezone: "%" is not a time zone', p_timezone using errcode = 'BADIN';
  end if;
  insert into app_public.email_services
    (id, name, provider, domain, base_url, tracking_base_url, interval_ms, max_in_flight, daily_quota, timezone, timeout_ms, lease_ms, is_shared, is_stopped,
     repeats_are_idempotent, bounce_address)
  values
    (p_id, p_name, p_provider, lower(p_domain), p_base_url, p_tracking_base_url, p_interval_ms, p_max_in_flight, p_daily_quota, p_timezone,
     p_timeout_ms, p_timeout_ms + 15000, p_is_shared, exists (select from app_public.email_services where is_stopped),
     p_repeats_are_idempotent, p_bounce_address);
  insert into app_private.email_service_credentials (email_service_id, sealed) values (p_id, p_sealed);
  perform app_private.wake_service(p_id);
  return p_id;
end;
$$;

revoke all on function app_private.create_email_service(uuid, text, text, text, text, text, integer, integer, integer, text, integer, boolean, bytea, boolean, text) from public;
grant execute on function app_private.create_email_service(uuid, text, text, text, text, text, integer, integer, integer, text, integer, boolean, bytea, boolean, text) to postilion_admin;
comment on function app_private.create_email_service(uuid, text, text, text, text, text, integer, integer, integer, text, integer, boolean, bytea, boolean, text) is
  'Creates a service with its sealed credentials. The lease is the timeout and 15 s. Raises BADIN, naming the field.';
