create or replace function app_public.set_email_service_enabled(p_email_service_id uuid, p_is_enabled boolean)
returns app_public.email_services
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_email_service_id);
begin
  update app_public.email_services set is_enabled = p_is_enabled where id = p_email_service_id returning * into v_service;
  perform app_private.wake_service(p_email_service_id);
  return v_service;
end;
$$;

revoke all on function app_public.set_email_service_enabled(uuid, boolean) from public;
grant execute on function app_public.set_email_service_enabled(uuid, boolean) to postilion_admin;
comment on function app_public.set_email_service_enabled(uuid, boolean) is 'Switches a service on or off. What it has not begun goes to the others.';
