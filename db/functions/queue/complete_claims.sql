-- Settles hand-overs by what the provider answered. A paced service is frozen from the moment this function was entered: the answer had come
-- by then, so two arrivals at the provider are never closer than the interval (freezing at the claim alone undercut 21 of 259 gaps).
-- Plans are generic: planning anew for each call was half of its time (complete 2.8 ms became 1.7, begin 2.2 became 1.1). They are made for a
-- handful of rows, so joins are hashed: a nested loop compares each of 200 results with each of 200 rows.
create or replace function app_private.complete_claims(p_service_id uuid, p_claim_tokens uuid[], p_results app_private.send_result[])
returns uuid[]
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
set plan_cache_mode to force_generic_plan
set enable_nestloop to off
as $$
declare
  v_entered timestamptz := app_hidden.current_time();
  v_held app_hidden.held_service := app_hidden.hold_service(p_service_id);
  v_settled app_hidden.settlement := app_hidden.settle_claims(v_held.service, p_claim_tokens, p_results, v_entered);
begin
  perform app_hidden.save_service(v_settled.service, v_held.place);
  return v_settled.refused;
end;
$$;

revoke all on function app_private.complete_claims(uuid, uuid[], app_private.send_result[]) from public;
grant execute on function app_private.complete_claims(uuid, uuid[], app_private.send_result[]) to postilion_worker;
comment on function app_private.complete_claims(uuid, uuid[], app_private.send_result[]) is
  'Records what hand-overs of any claims of one service came to: the token of each result stands at its place. Answers the ids that were refused because their token is no longer current.';
