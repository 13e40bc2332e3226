-- A generation that is killed and goes on reads its templates again: half of the Task would say one thing and half another.
create or replace function app_hidden.tg_templates__guard()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
declare
  v_task text;
begin
  select t.name into v_task
    from app_public.task_templates tt join app_public.tasks t on t.id = tt.task_id
   where tt.template_id = new.id and t.status = 'generating'
   limit 1;
  if found then
    raise exception 'id: the mails of the task "%" are being rendered from it; try again in a moment', v_task using errcode = 'TRANS';
  end if;
  return new;
end;
$$;

revoke all on function app_hidden.tg_templates__guard() from public;
comment on function app_hidden.tg_templates__guard() is 'Refuses, with TRANS, a change of what a template says while mails are rendered from it.';

create or replace trigger _200_guard before update of subject, html, text on app_public.templates
  for each row execute function app_hidden.tg_templates__guard();
