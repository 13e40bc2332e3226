-- Step 2 of the lock order: task → service → sub_tasks in id order → counters. Whoever moves a row out of allocated or sending holds this.
create or replace function app_hidden.lock_service(p_service_id uuid)
returns app_public.email_services
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  v_service app_public.email_services;
begin
  select * into v_service from app_public.email_services where id = p_service_id for no key update;
  if not found then
    raise exception 'emailServiceId: there is no service %', p_service_id using errcode = 'NTFND';
  end if;
  return v_service;
end;
$$;

revoke all on function app_hidden.lock_service(uuid) from public;
comment on function app_hidden.lock_service(uuid) is 'Locks a service and reads it. Raises NTFND when there is none.';
