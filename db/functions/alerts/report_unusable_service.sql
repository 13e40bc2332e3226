-- Which troubles of a service a person must see to is decided here; a provider that is away, or a quota, passes by itself. The sweep resolves
-- the alert, see resolve_service_alerts.
create or replace function app_private.report_unusable_service(p_service_id uuid, p_reason text, p_message text)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
  select app_private.raise_alert(
           'service_unusable', s.id::text, 'critical',
           format('%s can not send (%s): %s', s.name, p_reason, p_message),
           jsonb_build_object('emailServiceId', s.id, 'reason', p_reason))
    from app_public.email_services s
   where s.id = p_service_id and p_reason in ('authentication', 'balance', 'configuration');
$$;

revoke all on function app_private.report_unusable_service(uuid, text, text) from public;
grant execute on function app_private.report_unusable_service(uuid, text, text) to postilion_worker;
comment on function app_private.report_unusable_service(uuid, text, text) is
  'Raises the alert service_unusable where a provider refuses a service for what a person must mend: authentication, balance, configuration.';
