-- graphile-worker leaves a killed worker's jobs locked for 4 hours. A pool known to be dead (its parent saw it exit, or its pid is gone on
-- the same boot) also has its leases settled at once; one that is merely silent may still be sending: its leases run out by themselves.
-- Services are locked before job rows, as in wake_service; then all rows in id order, see give_back_task.
create or replace function app_private.release_pool(p_pool_id text, p_is_dead boolean, p_why text default null)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service_ids uuid[];
  v_service_id uuid;
  v_ids uuid[];
  v_known boolean;
  v_count integer := 0;
begin
  v_service_ids := array(
    select s.id from app_public.email_services s where s.loop_pool = p_pool_id
    union
    select st.service_id from app_public.sub_tasks st where p_is_dead and st.claimed_by = p_pool_id and st.phase = 'under_way'
    order by 1);
  perform app_hidden.lock_service(id) from unnest(v_service_ids) as id;
  delete from app_hidden.worker_pools where id = p_pool_id;
  v_known := found;
  perform graphile_worker.force_unlock_workers(array[p_pool_id]);
  update app_public.email_services set loop_token = null, loop_pool = null, loop_expires_at = '-infinity'
   where id = any (v_service_ids) and loop_pool = p_pool_id;
  for v_service_id, v_ids in
    select service_id, array_agg(id)
      from (select id, service_id from app_public.sub_tasks
             where p_is_dead and service_id = any (v_service_ids) and claimed_by = p_pool_id and phase = 'under_way'
             order by id for no key update) as held
     group by service_id
  loop
    v_count := v_count + app_hidden.settle_leases(v_service_id, v_ids);
  end loop;
  perform app_private.wake_service(id) from unnest(v_service_ids) as id;
  if v_known and p_why is not null then
    perform app_hidden.record_repair(
      'release_pool', null, p_why, v_count, jsonb_build_object('pool', p_pool_id, 'dead', p_is_dead, 'services', v_service_ids));
  end if;
end;
$$;

revoke all on function app_private.release_pool(text, boolean, text) from public;
grant execute on function app_private.release_pool(text, boolean, text) to postilion_worker;
comment on function app_private.release_pool(text, boolean, text) is
  'Gives up a runner process: its jobs are unlocked, its loops ended, its services woken; when it is known to be dead its leases are settled too. With a reason it is entered into app_hidden.repairs, with the number of leases.';
