create or replace function app_hidden.has_begun(p_task app_public.tasks)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
  select p_task.status not in ('draft', 'scheduled', 'failed') or exists (select from app_public.sub_task_mails m where m.task_id = p_task.id);
$$;

revoke all on function app_hidden.has_begun(app_public.tasks) from public;
comment on function app_hidden.has_begun(app_public.tasks) is 'Whether a Task has, or is being given, mails: what they say and whom they go to is decided from then on.';
