-- A Task that is over keeps its mails as they were rendered, and does without the template.
create or replace function app_public.delete_template(p_template_id uuid)
returns app_public.templates
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_template app_public.templates;
  v_user text;
begin
  select * into v_template from app_public.templates where id = p_template_id;
  perform app_hidden.demand_of('editor', v_template.workspace_id, format('templateId: there is no template %s', p_template_id));
  -- A Task that takes it meanwhile waits for this row, by its foreign key, and is then refused.
  select * into v_template from app_public.templates where id = p_template_id for update;
  if not found then
    raise exception 'templateId: there is no template %', p_template_id using errcode = 'NTFND';
  end if;
  select t.name into v_user
    from app_public.task_templates tt join app_public.tasks t on t.id = tt.task_id
   where tt.template_id = p_template_id and t.status not in ('completed', 'cancelled')
   order by t.id desc limit 1;
  if found then
    raise exception 'templateId: the task "%" is not over and uses it', v_user using errcode = 'BADIN';
  end if;
  delete from app_public.task_templates where template_id = p_template_id;
  delete from app_public.templates where id = p_template_id;
  return v_template;
end;
$$;

revoke all on function app_public.delete_template(uuid) from public;
grant execute on function app_public.delete_template(uuid) to postilion_user, postilion_admin;
comment on function app_public.delete_template(uuid) is
  'Deletes a template. Mails rendered from it stay. Raises NTFND, and BADIN, naming a Task, while one that is not over uses it.';
