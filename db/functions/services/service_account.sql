create or replace function app_private.service_account(p_service_id uuid)
returns table (
  provider text, domain text, base_url text, tracking_base_url text, interval_ms integer, max_in_flight integer, timeout_ms integer,
  lease_ms integer, repeats_are_idempotent boolean, bounce_address text, name text, sealed bytea
)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
  select s.provider, s.domain, s.base_url, s.tracking_base_url, s.interval_ms, s.max_in_flight, s.timeout_ms,
         s.lease_ms, s.repeats_are_idempotent, s.bounce_address, s.name, c.sealed
    from app_public.email_services s join app_private.email_service_credentials c on c.email_service_id = s.id
   where s.id = p_service_id;
$$;

revoke all on function app_private.service_account(uuid) from public;
grant execute on function app_private.service_account(uuid) to postilion_worker;
comment on function app_private.service_account(uuid) is 'What a worker needs to speak with a service''s provider; the credentials are sealed.';
