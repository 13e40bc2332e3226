-- All services in id order, then all rows in id order: see give_back_task.
create or replace function app_private.reap_leases(p_why text default null)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service_ids uuid[] := array(
    select distinct service_id from app_public.sub_tasks
     where phase = 'under_way' and lease_expires_at <= app_hidden.current_time() order by service_id);
  v_service_id uuid;
  v_ids uuid[];
  v_count integer := 0;
begin
  perform app_hidden.lock_service(id) from unnest(v_service_ids) as id;
  for v_service_id, v_ids in
    select service_id, array_agg(id)
      from (select id, service_id from app_public.sub_tasks
             where service_id = any (v_service_ids) and phase = 'under_way' and lease_expires_at <= app_hidden.current_time()
             order by id for no key update) as expired
     group by service_id
  loop
    v_count := v_count + app_hidden.settle_leases(v_service_id, v_ids);
  end loop;
  perform app_private.wake_service(id) from unnest(v_service_ids) as id;
  if v_count > 0 and p_why is not null then
    perform app_hidden.record_repair('reap_leases', null, p_why, v_count, jsonb_build_object('services', v_service_ids));
  end if;
  return v_count;
end;
$$;

revoke all on function app_private.reap_leases(text) from public;
grant execute on function app_private.reap_leases(text) to postilion_worker;
comment on function app_private.reap_leases(text) is 'Settles every expired lease, service by service in id order, and wakes those services. Answers how many; with a reason they are entered into app_hidden.repairs.';
