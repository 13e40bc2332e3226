create or replace function app_hidden.services_of_account(p_service_id uuid)
returns uuid[]
language sql
stable
set search_path to pg_catalog, app_public, app_private, pg_temp
as $$
  select array(
    select p_service_id
    union
    select theirs.email_service_id
      from app_private.email_service_credentials ours
      join app_private.email_service_credentials theirs on theirs.account_tag = ours.account_tag
     where ours.email_service_id = p_service_id);
$$;

revoke all on function app_hidden.services_of_account(uuid) from public;
comment on function app_hidden.services_of_account(uuid) is 'A service and those that are the same account at its provider.';
