-- Step 2 of the lock order, see hold_service.
create or replace function app_hidden.lock_service(p_service_id uuid)
returns app_public.email_services
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return (app_hidden.hold_service(p_service_id)).service;
end;
$$;

revoke all on function app_hidden.lock_service(uuid) from public;
comment on function app_hidden.lock_service(uuid) is 'Locks a service and reads it. Raises NTFND when there is none.';
