create or replace function app_private.begin_suppression_import(p_workspace_id uuid)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.demand('editor', p_workspace_id);
  perform app_hidden.require_workspace(p_workspace_id);
  create temporary table suppression_import (line bigint not null, email text not null, reason text not null, note text) on commit drop;
  grant insert on pg_temp.suppression_import to postilion_user, postilion_admin;
end;
$$;

revoke all on function app_private.begin_suppression_import(uuid) from public;
grant execute on function app_private.begin_suppression_import(uuid) to postilion_user, postilion_admin;
comment on function app_private.begin_suppression_import(uuid) is
  'Prepares an import of suppressed addresses for this transaction: rows are copied into pg_temp.suppression_import, then checked and merged. Raises NTFND, FRBDN.';
