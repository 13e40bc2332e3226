create or replace function app_hidden.copy_task_files(p_from uuid, p_to uuid)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
  insert into app_public.task_files (task_id, position, name, content_type, content)
  select p_to, position, name, content_type, content from app_public.task_files where task_id = p_from;
$$;

revoke all on function app_hidden.copy_task_files(uuid, uuid) from public;
comment on function app_hidden.copy_task_files(uuid, uuid) is 'Gives a Task that has no files those of another.';
