create or replace function app_hidden.may_see_service(p_email_service_id uuid)
returns boolean
language plpgsql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  return not app_hidden.is_asked() or p_email_service_id = any (app_hidden.services_seen());
end;
$$;

revoke all on function app_hidden.may_see_service(uuid) from public;
comment on function app_hidden.may_see_service(uuid) is 'Whether the caller may look at a service.';
