create or replace function app_hidden.read_task(p_task_id uuid)
returns app_public.tasks
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  v_task app_public.tasks;
begin
  select * into v_task from app_public.tasks where id = p_task_id;
  if not found then
    raise exception 'taskId: there is no task %', p_task_id using errcode = 'NTFND';
  end if;
  return v_task;
end;
$$;

revoke all on function app_hidden.read_task(uuid) from public;
comment on function app_hidden.read_task(uuid) is 'Reads a Task without locking it. Raises NTFND when there is none.';
