-- Locked in the order of ids first, as whoever marks Contacts does. What changed since it was noted is merged into as it is now.
create or replace function app_hidden.change_known_contacts()
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set work_mem to '64MB'
as $$
begin
  analyze pg_temp.contact_changes;
  perform from app_public.contacts c where c.id in (select id from pg_temp.contact_changes) order by c.id for no key update;
  update app_public.contacts c
     set name = coalesce(g.name, c.name),
         timezone = coalesce(g.timezone, c.timezone),
         tags = case when c.tags @> g.tags then c.tags else array(select distinct tag from unnest(c.tags || g.tags) as tag order by tag) end,
         attributes = c.attributes || g.attributes
    from pg_temp.contact_changes g
   where c.id = g.id;
end;
$$;

revoke all on function app_hidden.change_known_contacts() from public;
comment on function app_hidden.change_known_contacts() is
  'Makes the changes that an import noted: tags are united, attributes merged key by key, names and time zones replaced where they are given.';
