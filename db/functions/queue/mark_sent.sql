-- Nearly always all mails of a claim were accepted and are still on their way: then one statement locks them, says so and sums up. A look with locks before it
-- (tally_results) cost a tenth of a turn of 200. Where it is otherwise nothing is done, and it answers null: what was written is undone with the block.
-- The results are sorted, and the ids read from their index, so that rows are locked in id order whichever of the two drives the join.
create or replace function app_hidden.mark_sent(
  p_service app_public.email_services, p_claim_token uuid, p_results app_private.send_result[], p_entered timestamptz
)
returns app_hidden.tally
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
set enable_bitmapscan to off
as $$
declare
  v_count integer;
  v_tally app_hidden.tally;
begin
  with said as materialized (
    select r.* from unnest(p_results) as r order by r.id
  ), marked as (
    update app_public.sub_tasks st
       set status = 'sent', phase = 'over', sent_at = p_entered, message_id = coalesce(r.message_id, st.message_id), provider_response = left(r.response, 1000),
           round_trip_ms = r.round_trip_ms, error_code = null, error_message = null, lease_expires_at = null
      from said r
     where (select true from said where kind is distinct from 'accepted' limit 1) is null
       and st.id = any (array(select id from said)) and st.id = r.id
       and st.service_id = p_service.id and st.claim_token = p_claim_token and st.status = 'sending'
    returning st.id, r.round_trip_ms,
              coalesce(st.delivered_at, st.opened_at, st.clicked_at, st.bounced_at, st.unsubscribed_at, st.complained_at) is not null as is_heard_of
  )
  select count(*), array_agg(id) filter (where is_heard_of), avg(round_trip_ms) into v_count, v_tally.ids, v_tally.answer_ms from marked;
  if v_count < cardinality(p_results) then
    raise no_data_found;
  end if;
  v_tally.ended := v_count;
  v_tally.unsent := 0;
  v_tally.has_evidence := v_tally.ids is not null;
  v_tally.handed_over := true;
  v_tally.accepted := true;
  v_tally.judged := v_count;
  v_tally.successes := 1;
  v_tally.answers := v_count;
  return v_tally;
exception
  when no_data_found then
    return null;
end;
$$;

revoke all on function app_hidden.mark_sent(app_public.email_services, uuid, app_private.send_result[], timestamptz) from public;
comment on function app_hidden.mark_sent(app_public.email_services, uuid, app_private.send_result[], timestamptz) is
  'Says of the mails of a claim that the provider has accepted them, and what that means for their locked service; null, and nothing is changed, when not all of them were accepted, or one is not on its way any more.';
