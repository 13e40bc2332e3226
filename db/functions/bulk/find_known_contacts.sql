create or replace function app_hidden.find_known_contacts(p_workspace_id uuid, p_id_prefix text)
returns table (addresses bigint, known bigint, changed bigint)
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set work_mem to '64MB'
as $$
begin
  truncate pg_temp.contact_changes;
  return query
    with given as (
      select distinct on (email collate "C") * from pg_temp.contact_import order by email collate "C", line desc
    ), known as (
      select c.id, g.name, g.timezone, g.tags, g.attributes,
             coalesce(g.name <> c.name, g.name is not null) or coalesce(g.timezone <> c.timezone, g.timezone is not null)
               or not c.tags @> g.tags or c.attributes || g.attributes <> c.attributes as is_changed
        from given g
        join app_public.contacts c on c.workspace_id = p_workspace_id and c.email = g.email
       where c.id not between (p_id_prefix || '000000000000')::uuid and (p_id_prefix || 'ffffffffffff')::uuid
    ), noted as (
      insert into pg_temp.contact_changes select id, name, timezone, tags, attributes from known where is_changed returning 1
    )
    select (select count(*) from given), (select count(*) from known), (select count(*) from noted);
end;
$$;

revoke all on function app_hidden.find_known_contacts(uuid, text) from public;
comment on function app_hidden.find_known_contacts(uuid, text) is
  'Notes which Contacts an import changes. Answers how many addresses the import has, how many of them were known before it, and how many Contacts change.';
