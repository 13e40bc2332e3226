-- The net under every wake: a service with work, no live loop and no job that would start one.
create or replace function app_private.wake_idle_services()
returns setof uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, graphile_worker, pg_temp
as $$
declare
  v_service app_public.email_services;
begin
  for v_service in
    select s.* from app_public.email_services s
     where s.is_enabled and not s.is_stopped
       and (s.loop_token is null or s.loop_expires_at <= app_hidden.current_time())
       and not exists (
         select from graphile_worker._private_jobs j
          where j.key = 'send:' || s.id and j.locked_at is null and j.run_at < now() + interval '10 s')
     order by s.id
  loop
    if app_hidden.next_run_at(v_service) < app_hidden.current_time() + interval '10 s' then
      perform app_private.wake_service(v_service.id);
      return next v_service.id;
    end if;
  end loop;
end;
$$;

revoke all on function app_private.wake_idle_services() from public;
grant execute on function app_private.wake_idle_services() to postilion_worker;
comment on function app_private.wake_idle_services() is 'Wakes services that have work due within 10 s and nothing under way to begin it, and answers which.';
