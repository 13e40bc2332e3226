-- The only place that adds send jobs. add_job is no safe wake by itself: `replace` with a later time moved a due job away, `preserve_run_at`
-- never moves one earlier, and two sessions waking {a,b} and {b,a} deadlocked. So: under the service's lock, the one run_at from all
-- reasons; several services in id order, last in their transaction. A live loop needs no job: its end recomputes this from the rows.
-- The job begins one poll interval and a margin early; its handler waits out the rest itself (median 0, p99 4 ms late, against 247 and 1,866).
create or replace function app_private.wake_service(p_service_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
  v_now timestamptz := app_hidden.current_time();
  v_run_at timestamptz;
begin
  if v_service.loop_token is not null and v_service.loop_expires_at > v_now then
    return;
  end if;
  v_run_at := app_hidden.next_run_at(v_service);
  if v_run_at is null then
    return;
  end if;
  v_run_at := greatest(v_run_at - interval '1200 ms', v_service.retry_run_at, v_now);
  perform app_hidden.add_job('send', jsonb_build_object('serviceId', p_service_id), 'send:' || p_service_id, now() + (v_run_at - v_now));
end;
$$;

revoke all on function app_private.wake_service(uuid) from public;
grant execute on function app_private.wake_service(uuid) to postilion_worker;
comment on function app_private.wake_service(uuid) is 'Has a service without a live loop run at the moment it can next hand something over.';
