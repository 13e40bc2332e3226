create or replace function app_public.remove_task_file(p_task_file_id uuid)
returns app_public.task_files
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_file app_public.task_files;
begin
  perform app_hidden.demand_of(
    'editor',
    (select t.workspace_id from app_public.task_files f join app_public.tasks t on t.id = f.task_id where f.id = p_task_file_id),
    format('taskFileId: there is no file %s', p_task_file_id));
  perform app_hidden.lock_task_for_files(task_id) from app_public.task_files where id = p_task_file_id;
  delete from app_public.task_files where id = p_task_file_id returning * into v_file;
  if not found then
    raise exception 'taskFileId: there is no file %', p_task_file_id using errcode = 'NTFND';
  end if;
  return v_file;
end;
$$;

revoke all on function app_public.remove_task_file(uuid) from public;
grant execute on function app_public.remove_task_file(uuid) to postilion_user, postilion_admin;
comment on function app_public.remove_task_file(uuid) is
  'Takes a file off a Task. Raises NTFND, and TRANS once the Task''s generation has begun.';
