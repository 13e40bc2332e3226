create or replace function app_public.test_alert_channel(p_alert_channel_id uuid)
returns app_public.alert_channels
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_channel app_public.alert_channels;
begin
  select * into v_channel from app_public.alert_channels where id = p_alert_channel_id;
  if not found then
    raise exception 'alertChannelId: there is no channel %', p_alert_channel_id using errcode = 'NTFND';
  end if;
  insert into app_hidden.alert_deliveries (channel_id, address, is_test, digest, created_at, next_attempt_at)
  select v_channel.id, address, true, jsonb_build_object('notices', '[]'::jsonb, 'more', '{}'::jsonb, 'isTest', true,
           'open', (select count(*) from app_public.alerts where resolved_at is null)), v_now, v_now
    from unnest(coalesce(v_channel.addresses, array[null::text])) as address;
  return v_channel;
end;
$$;

revoke all on function app_public.test_alert_channel(uuid) from public;
grant execute on function app_public.test_alert_channel(uuid) to postilion_admin;
comment on function app_public.test_alert_channel(uuid) is
  'Sends a message to a channel that says that it is a test. What came of it stands in lastSentAt and lastError within a minute. Raises NTFND.';
