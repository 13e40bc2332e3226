-- The original is locked for share, so that it is copied as it is at one moment, and not deleted under the copy.
create or replace function app_public.duplicate_task(p_task_id uuid, p_name text default null)
returns app_public.tasks
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_copy app_public.tasks;
begin
  perform app_hidden.demand_task('editor', p_task_id);
  select * into v_task from app_public.tasks where id = p_task_id for share;
  if not found then
    raise exception 'taskId: there is no task %', p_task_id using errcode = 'NTFND';
  elsif v_task.is_test then
    raise exception 'taskId: a test mail can not be duplicated' using errcode = 'BADIN';
  end if;
  insert into app_public.tasks
    (workspace_id, name, sender_id, recipient_rule, include_tags, exclude_tags, priority, track_opens, track_clicks,
     uncertain_policy, window_days, window_start, window_end, window_timezone)
  values
    (v_task.workspace_id, coalesce(p_name, left(v_task.name, 193) || ' (copy)'), v_task.sender_id, v_task.recipient_rule, v_task.include_tags, v_task.exclude_tags,
     v_task.priority, v_task.track_opens, v_task.track_clicks, v_task.uncertain_policy, v_task.window_days, v_task.window_start, v_task.window_end,
     v_task.window_timezone)
  returning * into v_copy;
  insert into app_public.task_templates (task_id, template_id, weight)
  select v_copy.id, template_id, weight from app_public.task_templates where task_id = p_task_id;
  insert into app_hidden.task_listed_contacts (task_id, contact_id)
  select v_copy.id, contact_id from app_hidden.task_listed_contacts where task_id = p_task_id;
  perform app_hidden.copy_task_files(p_task_id, v_copy.id);
  return v_copy;
end;
$$;

revoke all on function app_public.duplicate_task(uuid, text) from public;
grant execute on function app_public.duplicate_task(uuid, text) to postilion_user, postilion_admin;
comment on function app_public.duplicate_task(uuid, text) is
  'Makes a draft with all choices, templates and files of a Task, whatever its state; listed Contacts that were deleted since are left out. Its name is that of the original and "(copy)", unless one is given. Raises NTFND.';
