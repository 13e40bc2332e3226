create or replace function app_private.task_files(p_task_id uuid)
returns table (name text, content_type text, content bytea)
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select f.name, f.content_type, f.content from app_public.task_files f where f.task_id = p_task_id order by f.position;
$$;

revoke all on function app_private.task_files(uuid) from public;
grant execute on function app_private.task_files(uuid) to postilion_worker;
comment on function app_private.task_files(uuid) is 'The files of a Task with their content, in order.';
