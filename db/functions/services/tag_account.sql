create or replace function app_private.tag_account(p_service_id uuid, p_account_tag bytea)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_private, pg_temp
as $$
  update app_private.email_service_credentials set account_tag = p_account_tag where email_service_id = p_service_id;
$$;

revoke all on function app_private.tag_account(uuid, bytea) from public;
grant execute on function app_private.tag_account(uuid, bytea) to postilion_admin;
comment on function app_private.tag_account(uuid, bytea) is 'Says which account a service is: those with the same tag hear of each other''s mails.';
