-- The cascade of the foreign key that Contacts do without. Whoever adds Contacts holds their workspace, so a delete that has waited for them
-- sees them here, in a statement of its own.
create or replace function app_hidden.tg_workspaces__empty()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  delete from app_public.contacts where workspace_id = old.id;
  return null;
end;
$$;

revoke all on function app_hidden.tg_workspaces__empty() from public;
comment on function app_hidden.tg_workspaces__empty() is 'Deletes the Contacts of a workspace with it.';

create or replace trigger _800_empty after delete on app_public.workspaces
  for each row execute function app_hidden.tg_workspaces__empty();
