-- In the order of addresses, with ids that ascend with them: each index grows at its end. Random ids took half as much time again.
-- What somebody else adds at this moment is left to the second look.
create or replace function app_hidden.insert_imported_contacts(p_workspace_id uuid, p_id_prefix text, p_inserted bigint)
returns bigint
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set work_mem to '64MB'
as $$
declare
  v_count bigint;
begin
  insert into app_public.contacts (id, workspace_id, email, name, timezone, tags, attributes)
  select (p_id_prefix || lpad(to_hex(p_inserted + row_number() over ()), 12, '0'))::uuid,
         p_workspace_id, email, name, timezone, tags, attributes
    from (
      select distinct on (given.email collate "C") given.*
        from pg_temp.contact_import given
       where not exists (select from app_public.contacts c where c.workspace_id = p_workspace_id and c.email = given.email)
       order by given.email collate "C", given.line desc) as fresh
  on conflict (workspace_id, email) do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_hidden.insert_imported_contacts(uuid, text, bigint) from public;
comment on function app_hidden.insert_imported_contacts(uuid, text, bigint) is
  'Adds the Contacts of an import that its workspace does not have, the last of several rows with one address. Answers how many.';
