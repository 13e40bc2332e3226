create or replace function app_public.retry_failed(p_task_id uuid, p_error_code text default null)
returns app_public.tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
begin
  perform app_hidden.demand_task('sender', p_task_id);
  v_task := app_hidden.reopen_task(p_task_id);
  perform app_hidden.add_change_job(p_task_id, 'retry_failed', p_error_code);
  return v_task;
end;
$$;

revoke all on function app_public.retry_failed(uuid, text) from public;
grant execute on function app_public.retry_failed(uuid, text) to postilion_user, postilion_admin;
comment on function app_public.retry_failed(uuid, text) is
  'Has the failed mails of a Task sent again, all or those with one error code. What could not be rendered stays failed. Raises TRANS for a Task that has not begun or was cancelled.';
