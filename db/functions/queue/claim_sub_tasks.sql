-- One short transaction under the service's lock, for what is begun later: see book_sub_tasks for what it may answer.
-- It commits lazily: should a crash of the server undo a claim, begin_sends refuses it; and the commit of begin makes it durable too.
-- Plans are generic, see complete_claims.
create or replace function app_private.claim_sub_tasks(p_service_id uuid, p_loop_token uuid, p_limit integer, p_hint app_private.claim_hint default null)
returns app_private.claim
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
set plan_cache_mode to force_generic_plan
set lock_timeout to '1s'
as $$
declare
  v_held app_hidden.held_service;
  v_booking app_hidden.booking;
  v_claim app_private.claim;
begin
  perform app_hidden.commit_lazily();
  v_held := app_hidden.hold_service(p_service_id, p_hint.place);
  v_booking := app_hidden.book_sub_tasks(v_held.service, p_loop_token, p_limit, p_hint, gen_random_uuid(), false);
  v_claim := v_booking.claim;
  v_claim.hint.place := app_hidden.save_service(v_booking.service, case when not v_booking.is_rewritten then v_held.place end);
  return v_claim;
end;
$$;

revoke all on function app_private.claim_sub_tasks(uuid, uuid, integer, app_private.claim_hint) from public;
grant execute on function app_private.claim_sub_tasks(uuid, uuid, integer, app_private.claim_hint) to postilion_worker;
comment on function app_private.claim_sub_tasks(uuid, uuid, integer, app_private.claim_hint) is
  'Claims up to p_limit SubTasks of one Task for a service, under a fresh token and lease, and renews the loop. p_hint: what the last claim answered, a few seconds ago at most. Raises 55P03 when the service is locked for over a second.';
