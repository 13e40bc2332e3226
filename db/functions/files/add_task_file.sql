-- The Task is locked as by the start of its generation: a file is either there for every mail or refused.
create or replace function app_public.add_task_file(p_task_id uuid, p_name text, p_content_type text, p_content_base64 text)
returns app_public.task_files
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_content bytea := app_hidden.file_content(p_content_base64);
  v_file app_public.task_files;
  v_position integer;
  v_size bigint;
begin
  perform app_hidden.demand_task('editor', p_task_id);
  perform app_hidden.lock_task_for_files(p_task_id);
  perform app_hidden.require_file_name(p_name);
  perform app_hidden.require_content_type(p_content_type);
  select coalesce(max(position), 0) + 1, coalesce(sum(size), 0) + octet_length(v_content)
    into v_position, v_size
    from app_public.task_files where task_id = p_task_id;
  if v_size > 10000000 then
    raise exception 'contentBase64: the files of a task may have 10 MB together; with this one they have %', app_hidden.megabytes(v_size)
      using errcode = 'BADIN';
  end if;
  insert into app_public.task_files (task_id, position, name, content_type, content)
  values (p_task_id, v_position, p_name, lower(p_content_type), v_content)
  returning * into v_file;
  return v_file;
end;
$$;

revoke all on function app_public.add_task_file(uuid, text, text, text) from public;
grant execute on function app_public.add_task_file(uuid, text, text, text) to postilion_user, postilion_admin;
comment on function app_public.add_task_file(uuid, text, text, text) is
  'Attaches a file to every mail of a Task: at most 10 MB with the Task''s other files. Raises BADIN, naming the field, NTFND, and TRANS once generation has begun.';
