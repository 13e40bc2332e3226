create or replace function app_public.delete_task(p_task_id uuid)
returns app_public.tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
begin
  perform app_hidden.demand_task('editor', p_task_id);
  v_task := app_hidden.lock_task(p_task_id);
  if v_task.status not in ('draft', 'failed') or app_hidden.has_begun(v_task) then
    raise exception 'taskId: a % task stays for the record; only a draft, or one that failed before it had mails, can be deleted', v_task.status
      using errcode = 'TRANS';
  end if;
  delete from app_public.tasks where id = p_task_id;
  return v_task;
end;
$$;

revoke all on function app_public.delete_task(uuid) from public;
grant execute on function app_public.delete_task(uuid) to postilion_user, postilion_admin;
comment on function app_public.delete_task(uuid) is
  'Deletes a draft, or a Task that failed before it had mails. Every other stays for the record: cancel it. Raises NTFND and TRANS.';
