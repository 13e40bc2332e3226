create or replace function app_hidden.freeze_service(p_service_id uuid, p_reason text)
returns boolean
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
begin
  if app_hidden.is_held(v_service, app_hidden.current_time()) then
    return false;
  end if;
  update app_public.email_services
     set frozen_until = app_hidden.current_time() + interval '100 years', freeze_reason = left(p_reason, 500)
   where id = p_service_id;
  return true;
end;
$$;

revoke all on function app_hidden.freeze_service(uuid, text) from public;
comment on function app_hidden.freeze_service(uuid, text) is
  'Freezes a service until a person releases it (release_service); what it has claimed and not begun goes to others. false: it is frozen so already.';
