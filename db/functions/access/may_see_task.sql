-- For computed fields: they are given a row, and a row can be made up. So the id is looked up, not what else the row says.
create or replace function app_hidden.may_see_task(p_task_id uuid)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return not app_hidden.is_asked()
      or exists (select from app_hidden.roles_held() as held join app_public.tasks t on t.workspace_id = held.workspace_id where t.id = p_task_id);
end;
$$;

revoke all on function app_hidden.may_see_task(uuid) from public;
comment on function app_hidden.may_see_task(uuid) is 'Whether the caller may look at a Task.';
