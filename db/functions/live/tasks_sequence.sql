-- In the snapshot of whatever reads it beside the Task, so it is never ahead of what stands next to it.
create or replace function app_public.tasks_sequence(p_task app_public.tasks)
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select case when app_hidden.may_see_task(p_task.id) then coalesce((select revision from app_hidden.task_revisions where task_id = p_task.id), 0)
       + coalesce((select folds from app_hidden.task_folds where task_id = p_task.id), 0) end;
$$;

revoke all on function app_public.tasks_sequence(app_public.tasks) from public;
grant execute on function app_public.tasks_sequence(app_public.tasks) to postilion_admin, postilion_user;
comment on function app_public.tasks_sequence(app_public.tasks) is
  'Grows with each change of the Task''s state or statistics that is announced: who knows the same number has missed nothing.';
