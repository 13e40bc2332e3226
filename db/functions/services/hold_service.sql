-- Step 2 of the lock order: task → service → sub_tasks in id order → counters. Whoever moves a row out of allocated or sending holds this.
-- First where its loop left it: under a held snapshot the way by key leads over every version since, and each turn writes one.
create or replace function app_hidden.hold_service(p_service_id uuid, p_place tid default null)
returns app_hidden.held_service
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_held app_hidden.held_service;
begin
  if p_place is not null then
    select s, s.ctid into v_held from app_public.email_services s where s.ctid = p_place and s.id = p_service_id for no key update;
    if found then
      return v_held;
    end if;
  end if;
  select s, s.ctid into v_held from app_public.email_services s where s.id = p_service_id for no key update;
  if not found then
    raise exception 'emailServiceId: there is no service %', p_service_id using errcode = 'NTFND';
  end if;
  return v_held;
end;
$$;

revoke all on function app_hidden.hold_service(uuid, tid) from public;
comment on function app_hidden.hold_service(uuid, tid) is
  'Locks a service and reads it, and where it stands, for save_service. p_place: where it was last seen; it may be wrong. Raises NTFND when there is none.';
