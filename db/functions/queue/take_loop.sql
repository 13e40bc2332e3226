-- One loop a service, whatever number of jobs exist: adding a running job's key again forks a chain that never merges (4 services became 24
-- running jobs in 9 s). Rows an earlier loop had claimed but not begun are free at once, their token fences it; only what it has begun
-- waits for its lease, or for proof that its process is dead.
create or replace function app_private.take_loop(p_service_id uuid, p_pool_id text)
returns uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
  v_now timestamptz := app_hidden.current_time();
  v_token uuid := gen_random_uuid();
begin
  if v_service.loop_token is not null and v_service.loop_expires_at > v_now then
    return null;
  end if;
  perform app_hidden.give_back(p_service_id, array(
    select id from app_public.sub_tasks where service_id = p_service_id and phase = 'under_way' and status = 'allocated' order by id for no key update));
  update app_public.email_services
     set loop_token = v_token, loop_pool = p_pool_id, loop_expires_at = v_now + lease_ms * interval '1 ms'
   where id = p_service_id;
  return v_token;
end;
$$;

revoke all on function app_private.take_loop(uuid, text) from public;
grant execute on function app_private.take_loop(uuid, text) to postilion_worker;
comment on function app_private.take_loop(uuid, text) is 'Makes the caller the one loop of a service and answers its token; null when a live loop has it.';
