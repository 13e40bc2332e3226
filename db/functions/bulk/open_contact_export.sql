create or replace function app_private.open_contact_export(p_workspace_id uuid, p_tag text)
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
    select c.email, c.name, c.timezone, c.tags, c.attributes::text as attributes
      from app_public.contacts c
     where c.workspace_id = p_workspace_id and (p_tag is null or c.tags @> array[p_tag])
     order by c.id;
  return v_cursor;
end;
$$;

revoke all on function app_private.open_contact_export(uuid, text) from public;
grant execute on function app_private.open_contact_export(uuid, text) to postilion_user, postilion_admin;
comment on function app_private.open_contact_export(uuid, text) is
  'Opens a cursor over the Contacts of a workspace, all or those with a tag, as they are at this moment. Raises NTFND, FRBDN.';
