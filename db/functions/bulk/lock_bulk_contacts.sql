-- Two files with the same addresses would otherwise wait for each other: each adds what is new in the order of addresses, then changes what is known in
-- the order of ids, as everybody does who marks Contacts. One after the other neither order has to meet the other.
create or replace function app_hidden.lock_bulk_contacts(p_workspace_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('contacts of ' || p_workspace_id, 0));
end;
$$;

revoke all on function app_hidden.lock_bulk_contacts(uuid) from public;
comment on function app_hidden.lock_bulk_contacts(uuid) is
  'Waits until no other bulk entry into the workspace is under way; until the end of the transaction.';
