-- What may have gone out since the backup must not go again by itself. A Task that was being rendered knows only some of its mails, and would
-- make others for those it has forgotten: it fails, and one that was to begin meanwhile is a draft again.
create or replace function app_hidden.hold_task(p_task_id uuid)
returns app_public.task_status
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_task app_public.tasks := app_hidden.lock_task(p_task_id);
begin
  case v_task.status
    when 'queued', 'sending' then perform app_public.pause_task(p_task_id);
    when 'scheduled' then update app_public.tasks set status = 'draft' where id = p_task_id;
    when 'generating' then
      perform app_private.fail_generation(
        p_task_id, 'restored', 'it was being rendered when the backup was made; whether it was sent since is not known here');
    else null;
  end case;
  return (select status from app_public.tasks where id = p_task_id);
end;
$$;

revoke all on function app_hidden.hold_task(uuid) from public;
comment on function app_hidden.hold_task(uuid) is 'Keeps a Task from sending until a person decides, from whatever state. Answers the state it is in now.';
