-- The state first: from here on nothing is claimed. Rows on their way end by themselves; those still waiting are cancelled in chunks, each its
-- own transaction, by a job. In a cancelled Task every way back to pending ends in cancelled.
create or replace function app_public.cancel_task(p_task_id uuid)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_on_the_way integer;
begin
  perform app_hidden.demand_task('sender', p_task_id);
  perform app_hidden.lock_task(p_task_id);
  update app_public.tasks set status = 'cancelled', cancelled_at = app_hidden.current_time() where id = p_task_id;
  delete from app_hidden.task_recipient_batches where task_id = p_task_id;
  perform app_hidden.give_back_task(p_task_id);
  perform app_hidden.add_change_job(p_task_id, 'cancel', null);
  perform app_hidden.settle_reservation(p_task_id);
  select count(*) into v_on_the_way from app_public.sub_tasks where task_id = p_task_id and phase = 'under_way' and status = 'sending';
  return v_on_the_way;
end;
$$;

revoke all on function app_public.cancel_task(uuid) from public;
grant execute on function app_public.cancel_task(uuid) to postilion_user, postilion_admin;
comment on function app_public.cancel_task(uuid) is
  'Ends a Task for good: nothing further is handed over after this returns, and quota of what was never handed over is given back. Answers how many mails are on their way to a provider at this moment.';
