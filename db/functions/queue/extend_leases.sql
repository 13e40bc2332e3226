-- A lease that has run out is not extended, even if nobody has settled it yet: it was a promise to all others that from then on they may. So
-- no worker that slept past its lease writes to a provider again. Its answer is still taken: complete_claims goes by the token.
-- The loop goes along: a worker that waits for its provider claims nothing meanwhile, and would lose it.
create or replace function app_private.extend_leases(p_service_id uuid, p_claim_token uuid, p_ids uuid[])
returns uuid[]
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_service app_public.email_services := app_hidden.lock_service(p_service_id);
  v_now timestamptz;
  v_until timestamptz;
  v_ours uuid[];
begin
  perform from app_public.sub_tasks where id = any (p_ids) order by id for no key update;
  v_now := app_hidden.current_time();
  v_until := v_now + v_service.lease_ms * interval '1 ms';
  with extended as (
    update app_public.sub_tasks set lease_expires_at = v_until
     where id = any (p_ids) and service_id = p_service_id and claim_token = p_claim_token and status = 'sending' and lease_expires_at > v_now
    returning id, claimed_by
  ), kept as (
    update app_public.email_services set loop_expires_at = v_until
     where id = p_service_id and loop_token is not null and loop_pool in (select claimed_by from extended)
  )
  select coalesce(array_agg(id), '{}') into v_ours from extended;
  return v_ours;
end;
$$;

revoke all on function app_private.extend_leases(uuid, uuid, uuid[]) from public;
grant execute on function app_private.extend_leases(uuid, uuid, uuid[]) to postilion_worker;
comment on function app_private.extend_leases(uuid, uuid, uuid[]) is
  'Gives mails that are being handed over a whole lease from now, and the loop of their worker, too. Answers the ids that were still the token''s, unexpired.';
