-- One commit for what a loop has to say of several claims: with a commit for each, 8 services of 20 mails under way sent 470 to 710 mails/s through
-- a provider that answers in 50 ms. The rows of all claims are locked in id order before the first claim is settled.
create or replace function app_hidden.settle_claims(
  p_service app_public.email_services, p_claim_tokens uuid[], p_results app_private.send_result[], p_entered timestamptz
)
returns app_hidden.settlement
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
declare
  v_settled app_hidden.settlement;
  v_refused uuid[] := '{}';
  v_token uuid;
begin
  if p_claim_tokens[1] = all (p_claim_tokens) then
    return app_hidden.settle_claim(p_service, p_claim_tokens[1], p_results, p_entered);
  end if;
  perform from app_public.sub_tasks where id = any (array(select r.id from unnest(p_results) as r)) order by id for no key update;
  for v_token in select distinct t from unnest(p_claim_tokens) as t loop
    v_settled := app_hidden.settle_claim(p_service, v_token, array(
      select row(r.id, r.kind, r.message_id, r.code, r.message, r.response, r.round_trip_ms, r.retry_after_ms)::app_private.send_result
        from unnest(p_results) with ordinality as r (id, kind, message_id, code, message, response, round_trip_ms, retry_after_ms, place)
       where p_claim_tokens[r.place] = v_token), p_entered);
    p_service := v_settled.service;
    v_refused := v_refused || v_settled.refused;
  end loop;
  return row(p_service, v_refused)::app_hidden.settlement;
end;
$$;

revoke all on function app_hidden.settle_claims(app_public.email_services, uuid[], app_private.send_result[], timestamptz) from public;
comment on function app_hidden.settle_claims(app_public.email_services, uuid[], app_private.send_result[], timestamptz) is
  'Records what hand-overs of any claims of a locked service came to. The service is left to save_service.';
