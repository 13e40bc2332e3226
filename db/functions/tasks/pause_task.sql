-- Locks the Task first, and every claim locks its chosen Task for share: when the rows are scanned every claim has committed and none can
-- start. (Committing the state and scanning afterwards leaked 154 mails in 40 pauses: a claim that commits after the scan is never seen.)
-- Rows on their way to a provider are counted in a last statement of its own: what begin_sends let through before the lock is in it.
create or replace function app_public.pause_task(p_task_id uuid)
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
  update app_public.tasks set status = 'paused' where id = p_task_id;
  perform app_hidden.give_back_task(p_task_id);
  select count(*) into v_on_the_way from app_public.sub_tasks where task_id = p_task_id and phase = 'under_way' and status = 'sending';
  return v_on_the_way;
end;
$$;

revoke all on function app_public.pause_task(uuid) from public;
grant execute on function app_public.pause_task(uuid) to postilion_user, postilion_admin;
comment on function app_public.pause_task(uuid) is
  'Halts a Task: nothing further is handed over after this returns. Answers how many mails are on their way to a provider at this moment.';
