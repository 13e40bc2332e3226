-- A freeze that lasts is no fault, and is left alone.
create or replace function app_hidden.thaw_service(p_service_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
begin
  if v_service.frozen_until <= app_hidden.current_time() then
    update app_public.email_services set freeze_reason = null, retry_run_at = '-infinity' where id = p_service_id;
    perform app_private.wake_service(p_service_id);
  end if;
end;
$$;

revoke all on function app_hidden.thaw_service(uuid) from public;
comment on function app_hidden.thaw_service(uuid) is
  'Wakes a service whose freeze is over. Its back-off stays: when it fails again it waits longer than before.';
