create or replace function app_public.delete_workspace(p_workspace_id uuid)
returns app_public.workspaces
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_workspace app_public.workspaces;
  v_task text;
begin
  select * into v_workspace from app_public.workspaces where id = p_workspace_id for update;
  if not found then
    raise exception 'workspaceId: there is no workspace %', p_workspace_id using errcode = 'NTFND';
  end if;
  select t.name into v_task from app_public.tasks t where t.workspace_id = p_workspace_id and app_hidden.has_begun(t) order by t.id desc limit 1;
  if found then
    raise exception 'workspaceId: the task "%" and its mails stay for the record', v_task using errcode = 'TRANS';
  end if;
  delete from app_public.tasks where workspace_id = p_workspace_id;
  delete from app_public.workspaces where id = p_workspace_id;
  return v_workspace;
end;
$$;

revoke all on function app_public.delete_workspace(uuid) from public;
grant execute on function app_public.delete_workspace(uuid) to postilion_admin;
comment on function app_public.delete_workspace(uuid) is
  'Deletes a workspace with its contacts, templates, senders, drafts and suppressions. Raises NTFND, and TRANS when a Task of it ever began: what was sent stays for the record.';
