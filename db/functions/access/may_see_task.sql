-- For computed fields: they are given a row, and a row can be made up. So the id is looked up, not what else the row says.
create or replace function app_hidden.may_see_task(p_task_id uuid)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return not app_hidden.is_asked()
      or (select workspace_id from app_public.tasks where id = p_task_id) = any (app_hidden.workspaces_as('viewer'));
end;
$$;

revoke all on function app_hidden.may_see_task(uuid) from public;
comment on function app_hidden.may_see_task(uuid) is 'Whether the caller may look at a Task.';
