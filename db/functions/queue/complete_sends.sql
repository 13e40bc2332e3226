-- complete_claims for one claim.
create or replace function app_private.complete_sends(p_service_id uuid, p_claim_token uuid, p_results app_private.send_result[])
returns uuid[]
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
begin
  return app_private.complete_claims(p_service_id, array_fill(p_claim_token, array[cardinality(p_results)]), p_results);
end;
$$;

revoke all on function app_private.complete_sends(uuid, uuid, app_private.send_result[]) from public;
grant execute on function app_private.complete_sends(uuid, uuid, app_private.send_result[]) to postilion_worker;
comment on function app_private.complete_sends(uuid, uuid, app_private.send_result[]) is
  'Records what hand-overs of one claim came to and freezes a paced service for its interval. Answers the ids it refused because their token is no longer current.';
