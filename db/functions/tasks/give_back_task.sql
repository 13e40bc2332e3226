-- Services are locked (step 2) before the rows (step 3): a row leaves allocated only under its service's lock, which keeps in_flight true.
create or replace function app_hidden.give_back_task(p_task_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service_id uuid;
begin
  for v_service_id in
    select distinct service_id from app_public.sub_tasks where task_id = p_task_id and phase = 'under_way' and status = 'allocated' order by service_id
  loop
    perform from app_public.email_services where id = v_service_id for no key update;
    perform app_hidden.give_back(v_service_id, array(
      select id from app_public.sub_tasks
       where service_id = v_service_id and task_id = p_task_id and phase = 'under_way' and status = 'allocated' order by id for no key update
    ));
  end loop;
end;
$$;

revoke all on function app_hidden.give_back_task(uuid) from public;
comment on function app_hidden.give_back_task(uuid) is 'Takes back the claimed, not yet begun rows of a Task whose row the caller has locked.';
