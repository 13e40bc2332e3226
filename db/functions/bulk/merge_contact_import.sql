-- Contacts that come or go meanwhile are why it looks twice: an address is neither new nor known for a moment, and none is left out.
create or replace function app_private.merge_contact_import(p_workspace_id uuid)
returns table (inserted bigint, updated bigint, unchanged bigint, duplicates bigint)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_rows bigint := (select count(*) from pg_temp.contact_import);
  v_id_prefix text := app_hidden.id_prefix();
  v_addresses bigint;
  v_known bigint := 0;
begin
  perform app_hidden.demand('editor', p_workspace_id);
  perform app_hidden.lock_bulk_contacts(p_workspace_id);
  inserted := 0;
  updated := 0;
  loop
    inserted := inserted + app_hidden.insert_imported_contacts(p_workspace_id, v_id_prefix, inserted);
    exit when inserted = v_rows;
    select addresses, known, changed into v_addresses, v_known, updated from app_hidden.find_known_contacts(p_workspace_id, v_id_prefix);
    exit when inserted + v_known = v_addresses;
  end loop;
  if updated > 0 then
    perform app_hidden.change_known_contacts();
  end if;
  unchanged := v_known - updated;
  duplicates := v_rows - inserted - v_known;
  return next;
end;
$$;

revoke all on function app_private.merge_contact_import(uuid) from public;
grant execute on function app_private.merge_contact_import(uuid) to postilion_user, postilion_admin;
comment on function app_private.merge_contact_import(uuid) is
  'Merges the import under way into the Contacts of the workspace, and says what that came to. No Contact changes its state. Raises NTFND, FRBDN.';
