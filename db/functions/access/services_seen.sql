create or replace function app_hidden.services_seen()
returns uuid[]
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_workspace_ids uuid[] := app_hidden.workspaces_as('viewer');
begin
  return array(
    select s.id from app_public.email_services s where s.is_shared and cardinality(v_workspace_ids) > 0
     union
    select g.email_service_id from app_public.email_service_grants g where g.workspace_id = any (v_workspace_ids));
end;
$$;

revoke all on function app_hidden.services_seen() from public;
grant execute on function app_hidden.services_seen() to postilion_user;
comment on function app_hidden.services_seen() is 'The services that serve a workspace of the caller: granted to it, or shared with all.';
