-- The net under every wake: a service with work, no live loop and no job that would start one.
create or replace function app_private.wake_idle_services()
returns setof uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_id uuid;
begin
  for v_id in select id from app_hidden.idle_services() loop
    perform app_private.wake_service(v_id);
    return next v_id;
  end loop;
end;
$$;

revoke all on function app_private.wake_idle_services() from public;
grant execute on function app_private.wake_idle_services() to postilion_worker;
comment on function app_private.wake_idle_services() is 'Wakes services that have work due within 10 s and nothing under way to begin it, and answers which.';
