-- Within a turn other rows are held already: what someone else holds (an event about it, say) is left to the sweep instead of waited for.
-- A claim asks for it only where expired leases hold it up, so the audit trail costs the others nothing.
create or replace function app_hidden.reap_service(p_service_id uuid)
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_count integer := app_hidden.settle_leases(p_service_id, array(
    select id from app_public.sub_tasks
     where service_id = p_service_id and phase = 'under_way' and lease_expires_at <= app_hidden.current_time()
     order by id for no key update skip locked));
begin
  if v_count > 0 then
    perform app_hidden.record_repair('reap_leases', null, 'found by a claim', v_count, jsonb_build_object('services', array[p_service_id]));
  end if;
  return v_count;
end;
$$;

revoke all on function app_hidden.reap_service(uuid) from public;
comment on function app_hidden.reap_service(uuid) is 'Settles the expired leases of a locked service, and enters them into app_hidden.repairs. Answers how many.';
