create or replace function app_hidden.unbooked(
  p_service app_public.email_services, p_outcome text, p_until timestamptz default null, p_now timestamptz default null,
  p_is_rewritten boolean default false
)
returns app_hidden.booking
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_booking app_hidden.booking;
begin
  v_booking.service := p_service;
  v_booking.is_rewritten := p_is_rewritten;
  v_booking.claim := row(p_outcome, app_hidden.ms_until(p_until, p_now), null, null, null, null, null)::app_private.claim;
  return v_booking;
end;
$$;

revoke all on function app_hidden.unbooked(app_public.email_services, text, timestamptz, timestamptz, boolean) from public;
comment on function app_hidden.unbooked(app_public.email_services, text, timestamptz, timestamptz, boolean) is
  'Nothing was claimed: why, and how long until that may change.';
