-- The one way back to webhooks without a signature. An expired secret does not open that way by itself: see find_webhook_doors.
create or replace function app_private.remove_webhook_signing_secrets(p_service_id uuid, p_source text)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  perform app_hidden.lock_service(p_service_id);
  delete from app_private.webhook_secrets where email_service_id = p_service_id and kind = 'signing' and source = p_source;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.remove_webhook_signing_secrets(uuid, text) from public;
grant execute on function app_private.remove_webhook_signing_secrets(uuid, text) to postilion_admin;
comment on function app_private.remove_webhook_signing_secrets(uuid, text) is
  'Forgets a service''s signing secrets of a source, so that the secret of the path is enough. Answers how many. Raises NTFND when there is no such service.';
