-- The service's interval is never undercut, its quota never overdrawn, and its freeze holds for this mail, too: so who watches the services themselves
-- wants a channel beside them.
create or replace function app_private.queue_alert_mail(p_delivery_id uuid, p_sub_task_id uuid, p_tracking_id text, p_subject text, p_html text, p_text text)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_delivery app_hidden.alert_deliveries;
  v_channel app_public.alert_channels;
begin
  select d.* into v_delivery from app_hidden.alert_deliveries d where d.id = p_delivery_id and d.sent_at is null and d.given_up_at is null;
  if not found then
    return;
  end if;
  select * into v_channel from app_public.alert_channels where id = v_delivery.channel_id;
  perform app_private.create_test_mail(
    (select workspace_id from app_public.senders where id = v_channel.sender_id), null, null, v_channel.sender_id, v_channel.email_service_id,
    p_sub_task_id, v_delivery.address, p_tracking_id, p_subject, p_html, p_text, '{}');
  perform app_private.settle_delivery(p_delivery_id, null);
end;
$$;

revoke all on function app_private.queue_alert_mail(uuid, uuid, text, text, text, text) from public;
grant execute on function app_private.queue_alert_mail(uuid, uuid, text, text, text, text) to postilion_worker;
comment on function app_private.queue_alert_mail(uuid, uuid, text, text, text, text) is
  'Queues the mail of a message before all others, and settles it in the same transaction. Raises what create_test_mail does.';
