-- The net under every wake: a service with work, no live loop and no job that would start one.
create or replace function app_private.wake_idle_services(p_why text default null)
returns setof uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_id uuid;
  v_woken uuid[] := '{}';
begin
  for v_id in select id from app_hidden.idle_services() loop
    perform app_private.wake_service(v_id);
    v_woken := v_woken || v_id;
    return next v_id;
  end loop;
  if cardinality(v_woken) > 0 and p_why is not null then
    perform app_hidden.record_repair('wake_idle_services', null, p_why, cardinality(v_woken), jsonb_build_object('services', v_woken));
  end if;
end;
$$;

revoke all on function app_private.wake_idle_services(text) from public;
grant execute on function app_private.wake_idle_services(text) to postilion_worker;
comment on function app_private.wake_idle_services(text) is 'Wakes services that have work due within 10 s and nothing under way to begin it, and answers which; with a reason they are entered into app_hidden.repairs.';
