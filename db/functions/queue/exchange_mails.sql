-- A rated service's whole turn in one commit: what the mails before came to, and the next ones, begun at once. As three statements (claim, begin,
-- complete), two of whose commits wait for the disk, mails one by one were 605/s instead of 1,070. What begin_sends asks after a claim is asked by the claim itself here: the Task and
-- the service are locked, the suppressions are read after the rows are. Nothing waits for a thaw: a frozen service claims nothing.
-- The token is the worker's own, so that it can say of mails whose answer was lost that they were never written (see end_loop).
-- The first row is the outcome and what all mails have in common; the mails follow.
create or replace function app_private.exchange_mails(
  p_service_id uuid, p_loop_token uuid, p_claim_token uuid, p_limit integer, p_hint app_private.claim_hint, p_result_tokens uuid[],
  p_results app_private.send_result[]
)
returns table (
  outcome text, wait_ms double precision, hint app_private.claim_hint, refused uuid[], task_id uuid, sender_email text, sender_display_name text,
  reply_to text, track_opens boolean, track_clicks boolean,
  id uuid, refusals integer, recipient_email text, subject text, html text, plain text, tracking_id text
)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
set plan_cache_mode to force_generic_plan
set enable_nestloop to off
set lock_timeout to '1s'
as $$
declare
  v_entered timestamptz := app_hidden.current_time();
  v_held app_hidden.held_service := app_hidden.hold_service(p_service_id, p_hint.place);
  v_settled app_hidden.settlement;
  v_booking app_hidden.booking;
  v_claim app_private.claim;
begin
  if cardinality(p_results) > 0 then
    v_settled := app_hidden.settle_claims(v_held.service, p_result_tokens, p_results, v_entered);
    v_held.service := v_settled.service;
    refused := v_settled.refused;
  end if;
  v_booking := app_hidden.book_sub_tasks(v_held.service, p_loop_token, p_limit, p_hint, p_claim_token, true);
  v_claim := v_booking.claim;
  v_claim.hint.place := app_hidden.save_service(v_booking.service, case when not v_booking.is_rewritten then v_held.place end);
  outcome := v_claim.outcome;
  wait_ms := v_claim.wait_ms;
  hint := v_claim.hint;
  task_id := v_claim.task_id;
  sender_email := v_booking.sender_email;
  sender_display_name := v_booking.sender_display_name;
  reply_to := v_booking.reply_to;
  track_opens := v_booking.track_opens;
  track_clicks := v_booking.track_clicks;
  return next;
  return query
  select null, null::double precision, null::app_private.claim_hint, null::uuid[], null::uuid, null, null, null, null::boolean, null::boolean,
         m.sub_task_id, given.refusals::integer, m.recipient_email, m.rendered_subject, m.rendered_body, m.rendered_text, m.tracking_id
    from app_public.sub_task_mails m
    join unnest(v_claim.sub_task_ids, v_claim.refusals) as given (id, refusals) on given.id = m.sub_task_id
   where m.sub_task_id = any (v_claim.sub_task_ids);
end;
$$;

revoke all on function app_private.exchange_mails(uuid, uuid, uuid, integer, app_private.claim_hint, uuid[], app_private.send_result[]) from public;
grant execute on function app_private.exchange_mails(uuid, uuid, uuid, integer, app_private.claim_hint, uuid[], app_private.send_result[]) to postilion_worker;
comment on function app_private.exchange_mails(uuid, uuid, uuid, integer, app_private.claim_hint, uuid[], app_private.send_result[]) is
  'Records what mails of a rated service came to and begins up to p_limit others under p_claim_token. First row: the outcome, as of claim_sub_tasks, and the ids whose token was no longer current; then a row for each mail. Raises 55P03, with nothing recorded, when the service, or a mail that a result is about, is locked for over a second.';
