create or replace function app_hidden.wake_services_of(p_workspace_id uuid)
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
  select app_private.wake_service(id) from (
    select s.id from app_public.email_services s
     where s.is_enabled and app_hidden.service_serves(s, p_workspace_id)
     order by s.id
  ) as usable;
$$;

revoke all on function app_hidden.wake_services_of(uuid) from public;
comment on function app_hidden.wake_services_of(uuid) is 'Wakes every service that a workspace may use, in id order; call it last in a transaction.';
