create or replace function app_hidden.lock_contacts_by_tag(p_workspace_id uuid, p_tag text)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  perform from app_public.contacts where workspace_id = p_workspace_id and tags @> array[p_tag] order by id for no key update;
end;
$$;

revoke all on function app_hidden.lock_contacts_by_tag(uuid, text) from public;
comment on function app_hidden.lock_contacts_by_tag(uuid, text) is 'Locks the Contacts that have a tag, in id order.';
