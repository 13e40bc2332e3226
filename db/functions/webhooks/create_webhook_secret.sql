-- Adds one: those there are stay right, so that a path handed to somebody else yesterday works on.
create or replace function app_private.create_webhook_secret(p_id uuid, p_service_id uuid, p_hash bytea, p_source text)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
begin
  perform app_hidden.lock_service(p_service_id);
  insert into app_private.webhook_secrets (id, email_service_id, kind, hash, source)
  values (p_id, p_service_id, 'path', p_hash, p_source);
end;
$$;

revoke all on function app_private.create_webhook_secret(uuid, uuid, bytea, text) from public;
grant execute on function app_private.create_webhook_secret(uuid, uuid, bytea, text) to postilion_admin;
comment on function app_private.create_webhook_secret(uuid, uuid, bytea, text) is
  'Keeps the SHA-256 of one more secret for the paths of a service''s webhooks, good for its provider and for p_source, if any. Raises NTFND when there is no such service.';
