create or replace function app_private.count_enabled_services()
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select count(*)::integer from app_public.email_services where is_enabled;
$$;

revoke all on function app_private.count_enabled_services() from public;
grant execute on function app_private.count_enabled_services() to postilion_worker;
comment on function app_private.count_enabled_services() is 'How many services are enabled: the send runner needs a slot for each.';
