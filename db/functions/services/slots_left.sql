create or replace function app_hidden.slots_left(p_service app_public.email_services)
returns integer
language plpgsql
immutable
set search_path to pg_catalog, pg_temp
as $$
begin
  return case when p_service.interval_ms > 0 then 1 else p_service.max_in_flight end - p_service.in_flight;
end;
$$;

revoke all on function app_hidden.slots_left(app_public.email_services) from public;
comment on function app_hidden.slots_left(app_public.email_services) is
  'How many more mails a service may have under way: a paced one has one at a time, a rated one max_in_flight.';
