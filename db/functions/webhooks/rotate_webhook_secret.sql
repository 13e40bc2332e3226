create or replace function app_private.rotate_webhook_secret(p_id uuid, p_service_id uuid, p_hash bytea, p_source text, p_keep_old_for interval)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
begin
  perform app_hidden.lock_service(p_service_id);
  perform app_private.expire_webhook_secrets(p_service_id, null, app_hidden.current_time() + p_keep_old_for);
  perform app_private.create_webhook_secret(p_id, p_service_id, p_hash, p_source);
end;
$$;

revoke all on function app_private.rotate_webhook_secret(uuid, uuid, bytea, text, interval) from public;
grant execute on function app_private.rotate_webhook_secret(uuid, uuid, bytea, text, interval) to postilion_admin;
comment on function app_private.rotate_webhook_secret(uuid, uuid, bytea, text, interval) is
  'Keeps the SHA-256 of a new secret for the paths of a service''s webhooks, as create_webhook_secret does; the old ones stay right for p_keep_old_for. Raises NTFND when there is no such service.';
