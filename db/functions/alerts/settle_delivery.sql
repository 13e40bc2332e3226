create or replace function app_private.settle_delivery(p_id uuid, p_error text, p_is_final boolean default false)
returns text
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_delivery app_hidden.alert_deliveries;
begin
  update app_hidden.alert_deliveries
     set sent_at = case when p_error is null then v_now end, error = left(p_error, 500),
         given_up_at = case when p_error is not null and (p_is_final or attempts >= 8) then v_now end,
         next_attempt_at = v_now + least(30 * 4 ^ (attempts - 1), 21600) * interval '1 s'
   where id = p_id and sent_at is null and given_up_at is null
  returning * into v_delivery;
  if not found then
    return (select case when sent_at is not null then 'sent' else 'given up' end from app_hidden.alert_deliveries where id = p_id);
  end if;
  update app_public.alert_channels
     set last_sent_at = coalesce(v_delivery.sent_at, last_sent_at), last_error = v_delivery.error, last_error_at = case when p_error is not null then v_now end
   where id = v_delivery.channel_id;
  return case when v_delivery.sent_at is not null then 'sent' when v_delivery.given_up_at is not null then 'given up' else 'to be repeated' end;
end;
$$;

revoke all on function app_private.settle_delivery(uuid, text, boolean) from public;
grant execute on function app_private.settle_delivery(uuid, text, boolean) to postilion_worker;
comment on function app_private.settle_delivery(uuid, text, boolean) is
  'Says what came of sending a message: null, or why it was not taken. It is tried eight times, after 30 s and up to 6 h each, then given up. Answers sent, to be repeated or given up; what was settled before stays so; null: its channel is gone.';
