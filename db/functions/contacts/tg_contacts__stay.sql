-- The other half of the foreign key that Contacts do without.
create or replace function app_hidden.tg_contacts__stay()
returns trigger
language plpgsql
volatile
set search_path to pg_catalog, pg_temp
as $$
begin
  raise exception 'workspaceId: a contact stays in its workspace' using errcode = 'BADIN';
end;
$$;

revoke all on function app_hidden.tg_contacts__stay() from public;
comment on function app_hidden.tg_contacts__stay() is 'Refuses, with BADIN, to move a Contact to another workspace.';

create or replace trigger _100_stay before update of workspace_id on app_public.contacts
  for each row when (new.workspace_id <> old.workspace_id) execute function app_hidden.tg_contacts__stay();
