-- Temporary: no log is written for it, no other session sees it, and whatever ends the transaction takes it along.
create or replace function app_private.begin_contact_import(p_workspace_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.demand('editor', p_workspace_id);
  perform app_hidden.require_workspace(p_workspace_id);
  create temporary table contact_import (
    line bigint not null, email text not null, name text, timezone text, tags text[] not null, attributes jsonb not null
  ) on commit drop;
  create temporary table contact_changes (
    id uuid not null, name text, timezone text, tags text[] not null, attributes jsonb not null
  ) on commit drop;
  grant insert on pg_temp.contact_import to postilion_user, postilion_admin;
end;
$$;

revoke all on function app_private.begin_contact_import(uuid) from public;
grant execute on function app_private.begin_contact_import(uuid) to postilion_user, postilion_admin;
comment on function app_private.begin_contact_import(uuid) is
  'Prepares an import of Contacts for this transaction: rows are copied into pg_temp.contact_import, then checked and merged. Raises NTFND, FRBDN.';
