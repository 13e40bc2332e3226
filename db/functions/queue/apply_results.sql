-- Deferrals are bounded, so that a poison mail holds nothing: the fifth refusal "for now" is one for good. What is wrong with the service
-- (unusable) is not the mail's fault and doesn't count against it, but is a definite refusal: the provider's memory of the idempotency key
-- must not answer for the next attempt. Where an event has shown meanwhile that the mail left after all, the answer is in doubt, and
-- follow_evidence settles it: it must not be sent again. In a completed Task nothing waits any more: what could be tried again has failed there.
create or replace function app_hidden.apply_results(p_ids uuid[], p_results app_private.send_result[], p_entered timestamptz)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_task_status app_public.task_status := (
    select t.status from app_public.tasks t where t.id = (select st.task_id from app_public.sub_tasks st where st.id = p_ids[1]));
begin
  with judged as (
    select st.id, r.kind, r.message_id, r.code, r.message, r.response, r.round_trip_ms,
           case
             when r.kind = 'accepted' then 'sent'
             when r.kind = 'unknown' then 'uncertain'
             when greatest(st.delivered_at, st.opened_at, st.clicked_at, st.bounced_at, st.unsubscribed_at, st.complained_at) >= st.handed_over_at then 'uncertain'
             when r.kind = 'refused' or (r.kind = 'deferred' and st.deferrals >= 4) then 'failed'
             when v_task_status = 'cancelled' then 'cancelled'
             when v_task_status = 'completed' then 'failed'
             else 'pending'
           end::app_public.sub_task_status as next_status,
           case when r.kind = 'deferred' then p_entered + app_hidden.retry_delay(st.deferrals, r.retry_after_ms) else '-infinity' end as next_at
      from app_public.sub_tasks st
      join unnest(p_results) as r on r.id = st.id
     where st.id = any (p_ids)
  )
  update app_public.sub_tasks st
     set status = j.next_status,
         phase = case j.next_status when 'pending' then 'waiting' when 'uncertain' then 'in_doubt' when 'failed' then 'failed' else 'over' end::app_public.sub_task_phase,
         sent_at = case j.next_status when 'sent' then p_entered when 'uncertain' then app_hidden.told_sent_at(st.id, st.handed_over_at) else st.sent_at end,
         failed_at = case when j.next_status = 'failed' then p_entered end,
         uncertain_at = case when j.next_status = 'uncertain' then p_entered else st.uncertain_at end,
         cancelled_at = case when j.next_status = 'cancelled' then p_entered end,
         message_id = coalesce(j.message_id, st.message_id),
         provider_response = left(j.response, 1000),
         round_trip_ms = j.round_trip_ms,
         error_code = case when j.kind <> 'accepted' then coalesce(j.code, j.kind) end,
         error_message = case when j.kind <> 'accepted' then left(j.message, 1000) end,
         refusals = st.refusals + (j.kind in ('refused', 'deferred', 'unusable'))::integer,
         deferrals = st.deferrals + (j.kind = 'deferred')::integer,
         available_at = case when j.next_status = 'pending' then j.next_at else st.available_at end,
         lease_expires_at = null,
         service_id = case when j.next_status = 'pending' then null else st.service_id end,
         sender_email = case when j.next_status = 'pending' then 'pending' else st.sender_email end,
         scheduled_at = case when j.next_status = 'pending' then null else st.scheduled_at end
    from judged j
   where st.id = any (p_ids) and st.id = j.id and (st.status <> j.next_status or st.status = 'sending');
end;
$$;

revoke all on function app_hidden.apply_results(uuid[], app_private.send_result[], timestamptz) from public;
comment on function app_hidden.apply_results(uuid[], app_private.send_result[], timestamptz) is 'Moves locked rows to where their results send them.';
