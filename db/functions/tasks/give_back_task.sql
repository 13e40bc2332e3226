-- All services (step 2), then all rows in id order (step 3): a row leaves allocated only under its service's lock, which keeps in_flight true.
-- Service by service, with the rows of each, it deadlocked with apply_events, whose rows are of several services.
create or replace function app_hidden.give_back_task(p_task_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service_ids uuid[] := array(
    select distinct service_id from app_public.sub_tasks where task_id = p_task_id and phase = 'under_way' and status = 'allocated' order by service_id);
  v_service_id uuid;
  v_ids uuid[];
begin
  perform app_hidden.lock_service(id) from unnest(v_service_ids) as id;
  for v_service_id, v_ids in
    select service_id, array_agg(id)
      from (select id, service_id from app_public.sub_tasks
             where task_id = p_task_id and phase = 'under_way' and status = 'allocated' and service_id = any (v_service_ids) order by id for no key update) as claimed
     group by service_id
  loop
    perform app_hidden.give_back(v_service_id, v_ids);
  end loop;
end;
$$;

revoke all on function app_hidden.give_back_task(uuid) from public;
comment on function app_hidden.give_back_task(uuid) is 'Takes back the claimed, not yet begun rows of a Task whose row the caller has locked.';
