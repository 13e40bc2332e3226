create or replace function app_hidden.service_serves(p_service app_public.email_services, p_workspace_id uuid)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  return p_service.is_shared or exists (
    select from app_public.email_service_grants g where g.email_service_id = p_service.id and g.workspace_id = p_workspace_id);
end;
$$;

revoke all on function app_hidden.service_serves(app_public.email_services, uuid) from public;
comment on function app_hidden.service_serves(app_public.email_services, uuid) is 'Whether a workspace may use a service.';
