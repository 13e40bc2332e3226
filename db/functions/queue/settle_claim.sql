-- An uncertain row with its token kept is settled too: the late worker does know. Anything else with a stale token is refused.
create or replace function app_hidden.settle_claim(
  p_service app_public.email_services, p_claim_token uuid, p_results app_private.send_result[], p_entered timestamptz
)
returns app_hidden.settlement
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_tally app_hidden.tally := app_hidden.mark_sent(p_service, p_claim_token, p_results, p_entered);
  v_refused uuid[] := '{}';
begin
  if v_tally.ended is null then
    v_tally := app_hidden.tally_results(p_service, p_claim_token, p_results);
    if cardinality(v_tally.ids) < cardinality(p_results) then
      v_refused := app_hidden.refuse_results(p_claim_token, p_results, v_tally.ids);
      p_results := array(select r from unnest(p_results) as r where r.id = any (v_tally.ids));
    end if;
    perform app_hidden.apply_results(v_tally.ids, p_results, p_entered);
  end if;
  if v_tally.has_evidence then
    perform app_hidden.follow_evidence(v_tally.ids);
  end if;
  if v_tally.unsent > 0 then
    perform app_hidden.count_into_lane(p_service.id, st.lane, p_service.quota_day, -v_tally.unsent) from app_public.sub_tasks st where st.id = v_tally.ids[1];
  end if;
  return row(app_hidden.settle_service(p_service, v_tally, p_entered), v_refused)::app_hidden.settlement;
end;
$$;

revoke all on function app_hidden.settle_claim(app_public.email_services, uuid, app_private.send_result[], timestamptz) from public;
comment on function app_hidden.settle_claim(app_public.email_services, uuid, app_private.send_result[], timestamptz) is
  'Records what hand-overs of one claim of a locked service came to. The service is left to save_service.';
