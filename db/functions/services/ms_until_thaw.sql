-- A claim's answer is as old as its commit took. This one has nothing to commit, so a worker that asks during its wait knows the thaw to a
-- fraction of a millisecond.
create or replace function app_private.ms_until_thaw(p_service_id uuid)
returns double precision
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select app_hidden.ms_until(frozen_until, app_hidden.current_time()) from app_public.email_services where id = p_service_id;
$$;

revoke all on function app_private.ms_until_thaw(uuid) from public;
grant execute on function app_private.ms_until_thaw(uuid) to postilion_worker;
comment on function app_private.ms_until_thaw(uuid) is 'Milliseconds until a service may hand its next mail over; 0: now.';
