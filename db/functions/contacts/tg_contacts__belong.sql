-- What a foreign key would do, once a statement instead of once a row: nobody deletes a workspace that is given Contacts at this moment.
create or replace function app_hidden.tg_contacts__belong()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_ids uuid[] := array(select distinct workspace_id from new_rows order by workspace_id);
begin
  perform from app_public.workspaces where id = any (v_ids) order by id for key share;
  if (select count(*) from app_public.workspaces where id = any (v_ids)) < cardinality(v_ids) then
    raise exception 'a contact belongs to a workspace that there is'
      using errcode = 'foreign_key_violation', schema = 'app_public', table = 'contacts', constraint = 'contacts_workspace_id_fkey';
  end if;
  return null;
end;
$$;

revoke all on function app_hidden.tg_contacts__belong() from public;
comment on function app_hidden.tg_contacts__belong() is 'Refuses Contacts of a workspace that there is not, as a foreign key would, and keeps the workspace until the transaction ends.';

create or replace trigger _800_belong after insert on app_public.contacts
  referencing new table as new_rows
  for each statement execute function app_hidden.tg_contacts__belong();
