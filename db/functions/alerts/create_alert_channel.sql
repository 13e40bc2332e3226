create or replace function app_private.create_alert_channel(
  p_id uuid, p_kind app_public.alert_channel_kind, p_name text, p_host text, p_addresses text[], p_email_service_id uuid, p_sender_id uuid, p_minimum_severity app_public.alert_severity, p_most_per_hour integer, p_sealed bytea
)
returns uuid
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_wrong text;
begin
  if p_kind = 'log' then
    raise exception 'kind: there is one log, and it is a channel already' using errcode = 'BADIN';
  end if;
  select address into v_wrong from unnest(p_addresses) as address where app_hidden.is_address(address) is not true limit 1;
  if found then
    raise exception 'addresses: "%" is not an address', v_wrong using errcode = 'BADIN';
  end if;
  insert into app_public.alert_channels (id, kind, name, host, addresses, email_service_id, sender_id, minimum_severity, most_per_hour, created_at)
  values (p_id, p_kind, p_name, p_host, p_addresses, p_email_service_id, p_sender_id, p_minimum_severity, p_most_per_hour, app_hidden.current_time());
  if p_sealed is not null then
    insert into app_private.alert_channel_secrets (alert_channel_id, sealed) values (p_id, p_sealed);
  end if;
  return p_id;
end;
$$;

revoke all on function app_private.create_alert_channel(uuid, app_public.alert_channel_kind, text, text, text[], uuid, uuid, app_public.alert_severity, integer, bytea) from public;
grant execute on function app_private.create_alert_channel(uuid, app_public.alert_channel_kind, text, text, text[], uuid, uuid, app_public.alert_severity, integer, bytea) to postilion_admin;
comment on function app_private.create_alert_channel(uuid, app_public.alert_channel_kind, text, text, text[], uuid, uuid, app_public.alert_severity, integer, bytea) is
  'Adds a channel; its address and key arrive sealed for its id. Raises BADIN naming the field.';
