create or replace function app_public.set_template_weight(p_task_id uuid, p_template_id uuid, p_weight integer)
returns app_public.task_templates
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task app_public.tasks;
  v_task_template app_public.task_templates;
begin
  perform app_hidden.demand_task('editor', p_task_id);
  v_task := app_hidden.lock_task(p_task_id);
  if app_hidden.has_begun(v_task) then
    raise exception 'taskId: the mails of a % task are rendered', v_task.status using errcode = 'TRANS';
  end if;
  update app_public.task_templates set weight = p_weight where task_id = p_task_id and template_id = p_template_id returning * into v_task_template;
  if not found then
    raise exception 'templateId: it is none of the task''s templates' using errcode = 'NTFND';
  end if;
  return v_task_template;
end;
$$;

revoke all on function app_public.set_template_weight(uuid, uuid, integer) from public;
grant execute on function app_public.set_template_weight(uuid, uuid, integer) to postilion_user, postilion_admin;
comment on function app_public.set_template_weight(uuid, uuid, integer) is
  'Says how many recipients one of a Task''s templates gets, relative to the others: from 1 to 1,000; it is 1 until it is set. Raises NTFND, BADIN naming the field, and TRANS once mails are being rendered.';
