create or replace function app_private.fail_generation(p_task_id uuid, p_code text, p_message text)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.lock_task(p_task_id);
begin
  if v_task.status <> 'generating' then
    return;
  end if;
  delete from app_hidden.task_recipient_batches where task_id = p_task_id;
  update app_public.tasks set status = 'failed', error_code = p_code, error_message = p_message where id = p_task_id;
  perform app_hidden.settle_reservation(p_task_id);
end;
$$;

revoke all on function app_private.fail_generation(uuid, text, text) from public;
grant execute on function app_private.fail_generation(uuid, text, text) to postilion_worker;
comment on function app_private.fail_generation(uuid, text, text) is 'Ends a generation that can not succeed, before anything is sent, with a code and a sentence for people.';
