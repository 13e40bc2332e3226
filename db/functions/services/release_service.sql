-- When its last hand-over ended is not kept apart from its freeze. An interval from now on is an interval after that, whenever it was; so nothing
-- is undercut, and the price is one interval at most.
create or replace function app_public.release_service(p_email_service_id uuid)
returns app_public.email_services
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_email_service_id);
begin
  update app_public.email_services
     set frozen_until = least(frozen_until, app_hidden.current_time() + interval_ms * interval '1 ms'),
         freeze_reason = null, freeze_count = 0, error_count = 0, retry_run_at = '-infinity'
   where id = p_email_service_id
  returning * into v_service;
  perform app_private.wake_service(p_email_service_id);
  return v_service;
end;
$$;

revoke all on function app_public.release_service(uuid) from public;
grant execute on function app_public.release_service(uuid) to postilion_admin;
comment on function app_public.release_service(uuid) is
  'Ends a freeze for a fault: the service is tried again after one interval at most. Its interval, quota and switch hold as before. Raises NTFND.';
