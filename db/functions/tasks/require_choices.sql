create or replace function app_hidden.require_choices(p_task app_public.tasks)
returns void
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if not exists (select from app_public.task_templates where task_id = p_task.id) then
    raise exception 'templateIds: a task needs at least one template' using errcode = 'BADIN';
  elsif p_task.recipient_rule = 'contacts' and not exists (select from app_hidden.task_listed_contacts where task_id = p_task.id) then
    raise exception 'contactIds: the rule "contacts" needs at least one contact' using errcode = 'BADIN';
  elsif p_task.window_timezone is not null and not exists (select from pg_timezone_names where name = p_task.window_timezone) then
    raise exception 'windowTimezone: "%" is not a time zone', p_task.window_timezone using errcode = 'BADIN';
  end if;
end;
$$;

revoke all on function app_hidden.require_choices(app_public.tasks) from public;
comment on function app_hidden.require_choices(app_public.tasks) is
  'Raises BADIN, naming the field, when a Task, as it is written, lacks something.';
