-- The rows are locked in id order and read, and the results are summed up, in one statement. Those of a stale token are locked, and left out:
-- without the offset the conditions would be pushed below the lock, and such a row be locked later, out of order.
-- A mail that was heard of since its hand-over left, whatever its worker was told: its quota is used.
-- What was said once already (an answer recorded again, since the database's was lost) is no second judgement of the service.
create or replace function app_hidden.tally_results(
  p_service app_public.email_services, p_claim_token uuid, p_results app_private.send_result[]
)
returns app_hidden.tally
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_tally app_hidden.tally;
begin
  select coalesce(array_agg(st.id), '{}'), count(*) filter (where st.status = 'sending'),
         count(*) filter (where r.kind not in ('accepted', 'unknown') and st.quota_day = p_service.quota_day and (st.heard_at >= st.handed_over_at) is not true),
         coalesce(bool_or(r.kind = 'unknown' or st.heard_at is not null), false),
         bool_or(r.kind <> 'not_sent'),
         bool_or(r.kind = 'accepted'),
         min(coalesce(r.message, r.code, 'unusable')) filter (where r.kind = 'unusable'),
         case when bool_and(r.kind in ('deferred', 'not_sent')) then
           min(coalesce(r.message, r.code, 'refused for now')) filter (where r.kind = 'deferred') end,
         max(r.retry_after_ms) filter (where r.kind = 'deferred'),
         count(*) filter (where r.kind in ('accepted', 'unknown', 'deferred', 'unusable') and (st.status = 'sending' or r.kind <> 'unknown')),
         avg((r.kind = 'accepted')::integer) filter (where r.kind in ('accepted', 'unknown', 'deferred', 'unusable') and (st.status = 'sending' or r.kind <> 'unknown')),
         count(*) filter (where r.kind = 'accepted'),
         avg(r.round_trip_ms) filter (where r.kind = 'accepted')
    into v_tally.ids, v_tally.ended, v_tally.unsent, v_tally.has_evidence, v_tally.handed_over, v_tally.accepted, v_tally.fault, v_tally.refuses,
         v_tally.asked_to_wait, v_tally.judged, v_tally.successes, v_tally.answers, v_tally.answer_ms
    from (
      select id, service_id, claim_token, status, quota_day, handed_over_at,
             greatest(delivered_at, opened_at, clicked_at, bounced_at, unsubscribed_at, complained_at) as heard_at
        from app_public.sub_tasks
       where id = any (array(select given.id from unnest(p_results) as given))
       order by id
      offset 0
         for no key update) as st
    join unnest(p_results) as r on r.id = st.id
   where st.service_id = p_service.id and st.claim_token = p_claim_token and st.status in ('sending', 'uncertain');
  return v_tally;
end;
$$;

revoke all on function app_hidden.tally_results(app_public.email_services, uuid, app_private.send_result[]) from public;
comment on function app_hidden.tally_results(app_public.email_services, uuid, app_private.send_result[]) is
  'Locks the rows that results of a claim concern and sums the results up.';
