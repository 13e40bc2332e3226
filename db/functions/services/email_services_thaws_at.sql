create or replace function app_public.email_services_thaws_at(p_email_service app_public.email_services)
returns timestamptz
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select frozen_until from app_public.email_services where id = p_email_service.id and frozen_until > app_hidden.current_time()
     and app_hidden.may_see_service(p_email_service.id);
$$;

revoke all on function app_public.email_services_thaws_at(app_public.email_services) from public;
grant execute on function app_public.email_services_thaws_at(app_public.email_services) to postilion_user, postilion_admin;
comment on function app_public.email_services_thaws_at(app_public.email_services) is 'When the service may hand over its next mail; null: now.';
