create or replace function app_hidden.reopen_task(p_task_id uuid)
returns app_public.tasks
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.lock_task(p_task_id);
begin
  perform app_hidden.require_bodies(p_task_id);
  if v_task.status = 'completed' then
    update app_public.tasks set status = 'sending', completed_at = null where id = p_task_id returning * into v_task;
    update app_hidden.task_reservations set is_open = true where task_id = p_task_id;
  elsif v_task.status not in ('queued', 'sending', 'paused') then
    raise exception 'taskId: a % task has nothing to send again', v_task.status using errcode = 'TRANS';
  end if;
  return v_task;
end;
$$;

revoke all on function app_hidden.reopen_task(uuid) from public;
comment on function app_hidden.reopen_task(uuid) is 'Locks a Task and has it send again if it was completed. Raises TRANS when it never began, was cancelled, or its bodies were dropped.';
