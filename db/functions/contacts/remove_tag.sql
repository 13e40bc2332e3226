create or replace function app_public.remove_tag(p_workspace_id uuid, p_tag text)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_task text;
  v_count integer;
begin
  perform app_hidden.demand('editor', p_workspace_id);
  perform app_hidden.lock_tasks_by_tag(p_workspace_id, p_tag);
  select t.name into v_task from app_public.tasks t
   where t.workspace_id = p_workspace_id and p_tag = any (t.include_tags || t.exclude_tags) and not app_hidden.has_begun(t)
   order by t.id desc limit 1;
  if found then
    raise exception 'tag: the task "%" chooses its recipients by it', v_task using errcode = 'BADIN';
  end if;
  perform app_hidden.lock_contacts_by_tag(p_workspace_id, p_tag);
  update app_public.contacts set tags = array_remove(tags, p_tag) where workspace_id = p_workspace_id and tags @> array[p_tag];
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_public.remove_tag(uuid, text) from public;
grant execute on function app_public.remove_tag(uuid, text) to postilion_user, postilion_admin;
comment on function app_public.remove_tag(uuid, text) is
  'Takes a tag off all Contacts. Answers how many had it. Raises NTFND, and BADIN, naming a Task, while one that has not begun chooses by it.';
