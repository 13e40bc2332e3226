create or replace function app_private.open_suppression_export(p_workspace_id uuid)
returns refcursor
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_cursor refcursor := 'bulk_export';
begin
  perform app_hidden.demand('viewer', p_workspace_id);
  perform app_hidden.require_workspace(p_workspace_id);
  open v_cursor no scroll for
    select s.email, s.reason from app_public.suppressions s where s.workspace_id = p_workspace_id and s.email is not null order by s.email_hash;
  return v_cursor;
end;
$$;

revoke all on function app_private.open_suppression_export(uuid) from public;
grant execute on function app_private.open_suppression_export(uuid) to postilion_user, postilion_admin;
comment on function app_private.open_suppression_export(uuid) is
  'Opens a cursor over the suppressed addresses of a workspace that were not erased, as they are at this moment. Raises NTFND, FRBDN.';
