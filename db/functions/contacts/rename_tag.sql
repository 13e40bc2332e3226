-- In one transaction, with the Tasks that choose by it: one that begins meanwhile finds all of its Contacts under the one name or under the other.
create or replace function app_public.rename_tag(p_workspace_id uuid, p_tag text, p_name text)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  perform app_hidden.demand('editor', p_workspace_id);
  if length(btrim(p_name)) not between 1 and 100 then
    raise exception 'name: expected 1 to 100 characters' using errcode = 'BADIN';
  end if;
  perform app_hidden.lock_tasks_by_tag(p_workspace_id, p_tag);
  update app_public.tasks
     set include_tags = array_replace(include_tags, p_tag, p_name), exclude_tags = array_replace(exclude_tags, p_tag, p_name)
   where workspace_id = p_workspace_id and p_tag = any (include_tags || exclude_tags) and not app_hidden.has_begun(tasks);
  perform app_hidden.lock_contacts_by_tag(p_workspace_id, p_tag);
  update app_public.contacts
     set tags = array_append(array_remove(array_remove(tags, p_name), p_tag), p_name)
   where workspace_id = p_workspace_id and tags @> array[p_tag];
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_public.rename_tag(uuid, text, text) from public;
grant execute on function app_public.rename_tag(uuid, text, text) to postilion_user, postilion_admin;
comment on function app_public.rename_tag(uuid, text, text) is
  'Gives a tag another name, with all Contacts that have it and the Tasks that choose by it and have not begun; who has both has one afterwards. Answers how many Contacts. Raises NTFND, or BADIN naming the field.';
