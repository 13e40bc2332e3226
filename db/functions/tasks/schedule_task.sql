-- The job is stored with the status, in one transaction: a scheduled Task without its job can't exist.
create or replace function app_public.schedule_task(p_task_id uuid, p_scheduled_at timestamptz default null)
returns app_public.tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_now timestamptz;
  v_at timestamptz;
begin
  perform app_hidden.demand_task('sender', p_task_id);
  v_task := app_hidden.lock_task(p_task_id);
  v_now := app_hidden.current_time();
  v_at := greatest(coalesce(p_scheduled_at, v_now), v_now);
  if not isfinite(v_at) then
    raise exception 'scheduledAt: expected a time' using errcode = 'BADIN';
  end if;
  perform app_hidden.require_bodies(p_task_id);
  update app_public.tasks set status = 'scheduled', scheduled_at = v_at, error_code = null, error_message = null
   where id = p_task_id
  returning * into v_task;
  perform app_hidden.add_job('generate_sub_tasks', jsonb_build_object('taskId', p_task_id), 'generate:' || p_task_id, clock_timestamp() + (v_at - v_now));
  return v_task;
end;
$$;

revoke all on function app_public.schedule_task(uuid, timestamptz) from public;
grant execute on function app_public.schedule_task(uuid, timestamptz) to postilion_user, postilion_admin;
comment on function app_public.schedule_task(uuid, timestamptz) is
  'Has a draft, or a Task that failed, start by itself at a time (now, when none is given). Raises TRANS when it has started already, or the bodies of the mails it had rendered were dropped.';
