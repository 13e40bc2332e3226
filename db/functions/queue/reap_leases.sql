create or replace function app_private.reap_leases()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service_id uuid;
  v_count integer := 0;
begin
  for v_service_id in
    select distinct service_id from app_public.sub_tasks
     where phase = 'under_way' and lease_expires_at <= app_hidden.current_time() order by service_id
  loop
    perform app_hidden.lock_service(v_service_id);
    v_count := v_count + app_hidden.reap_service(v_service_id);
    perform app_private.wake_service(v_service_id);
  end loop;
  return v_count;
end;
$$;

revoke all on function app_private.reap_leases() from public;
grant execute on function app_private.reap_leases() to postilion_worker;
comment on function app_private.reap_leases() is 'Settles every expired lease, service by service in id order, and wakes those services. Answers how many.';
