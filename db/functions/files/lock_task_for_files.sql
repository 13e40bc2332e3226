-- Workers keep a Task's files once they have read them, which is right only because they can't change from here on.
create or replace function app_hidden.lock_task_for_files(p_task_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.lock_task(p_task_id);
begin
  if v_task.status not in ('draft', 'scheduled') then
    raise exception 'taskId: the files of a % task can not change any more', v_task.status using errcode = 'TRANS';
  end if;
end;
$$;

revoke all on function app_hidden.lock_task_for_files(uuid) from public;
comment on function app_hidden.lock_task_for_files(uuid) is
  'Locks a Task whose files are to change. Raises NTFND when there is none, TRANS once its generation has begun.';
