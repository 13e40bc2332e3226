create or replace function app_private.add_webhook_signing_secret(
  p_id uuid, p_service_id uuid, p_source text, p_sealed bytea, p_expires_at timestamptz
)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_private, app_hidden, pg_temp
as $$
begin
  perform app_hidden.lock_service(p_service_id);
  if p_expires_at <= app_hidden.current_time() then
    raise exception 'expiresAt: expected a time to come' using errcode = 'BADIN';
  end if;
  insert into app_private.webhook_secrets (id, email_service_id, kind, source, sealed, expires_at)
  values (p_id, p_service_id, 'signing', p_source, p_sealed, coalesce(p_expires_at, 'infinity'));
end;
$$;

revoke all on function app_private.add_webhook_signing_secret(uuid, uuid, text, bytea, timestamptz) from public;
grant execute on function app_private.add_webhook_signing_secret(uuid, uuid, text, bytea, timestamptz) to postilion_admin;
comment on function app_private.add_webhook_signing_secret(uuid, uuid, text, bytea, timestamptz) is
  'Keeps a provider''s signing secret, sealed for p_id. From now on webhooks of that source need a signature, and sources without a signing secret are refused. Raises NTFND when there is no such service, BADIN naming the field.';
