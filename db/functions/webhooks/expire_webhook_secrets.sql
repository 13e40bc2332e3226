-- Only ever sooner: whoever revoked a secret must not find it alive again because somebody rotated it later.
create or replace function app_private.expire_webhook_secrets(p_service_id uuid, p_source text, p_expires_at timestamptz)
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
  update app_private.webhook_secrets
     set expires_at = p_expires_at
   where email_service_id = p_service_id and expires_at > p_expires_at
     and case when p_source is null then kind = 'path' else kind = 'signing' and source = p_source end;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.expire_webhook_secrets(uuid, text, timestamptz) from public;
grant execute on function app_private.expire_webhook_secrets(uuid, text, timestamptz) to postilion_admin;
comment on function app_private.expire_webhook_secrets(uuid, text, timestamptz) is
  'Ends a service''s signing secrets of a source, or, with a null source, those of its paths, unless they end sooner. Answers how many. Raises NTFND when there is no such service.';
