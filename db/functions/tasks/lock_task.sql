-- Step 1 of the lock order: task → service → sub_tasks in id order → counters.
create or replace function app_hidden.lock_task(p_task_id uuid)
returns app_public.tasks
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  v_task app_public.tasks;
begin
  select * into v_task from app_public.tasks where id = p_task_id for no key update;
  if not found then
    raise exception 'taskId: there is no task %', p_task_id using errcode = 'NTFND';
  end if;
  return v_task;
end;
$$;

revoke all on function app_hidden.lock_task(uuid) from public;
comment on function app_hidden.lock_task(uuid) is 'Locks a Task and reads it. Raises NTFND when there is none.';
