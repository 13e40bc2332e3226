create or replace function app_private.finish_generation(p_task_id uuid)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.lock_task(p_task_id);
begin
  if v_task.status <> 'generating' or exists (select from app_hidden.task_recipient_batches where task_id = p_task_id) then
    return false;
  end if;
  update app_public.tasks set status = 'queued', generation_finished_at = app_hidden.current_time() where id = p_task_id;
  perform app_hidden.wake_services_of(v_task.workspace_id);
  return true;
end;
$$;

revoke all on function app_private.finish_generation(uuid) from public;
grant execute on function app_private.finish_generation(uuid) to postilion_worker;
comment on function app_private.finish_generation(uuid) is
  'After the last batch: the Task''s rows become claimable, and the services it may use are woken, once. Answers false when batches are left.';
