create or replace function app_private.confirm_export(p_workspace_id uuid)
returns void
language plpgsql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  perform app_hidden.demand('viewer', p_workspace_id);
end;
$$;

revoke all on function app_private.confirm_export(uuid) from public;
grant execute on function app_private.confirm_export(uuid) to postilion_user, postilion_admin;
comment on function app_private.confirm_export(uuid) is 'Whether who began an export may still have it. Raises NTFND.';
