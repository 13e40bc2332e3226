create or replace function app_public.resend_uncertain(p_task_id uuid)
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
  perform app_hidden.add_change_job(p_task_id, 'resend_uncertain', null);
  return v_task;
end;
$$;

revoke all on function app_public.resend_uncertain(uuid) from public;
grant execute on function app_public.resend_uncertain(uuid) to postilion_user, postilion_admin;
comment on function app_public.resend_uncertain(uuid) is
  'Sends the uncertain mails of a Task again. Those that had been accepted after all arrive twice: that is the decision this takes. A late word of the first worker is refused from then on.';
