-- allocated: nothing has left us, it is free again. sending: the provider may have it, so it is uncertain, with its token kept: a slow worker
-- that does know the answer may still say so. A paced service is frozen from now: its last hand-over may have ended only this moment, and what a
-- dead process wrote may be on its way a little longer than it lived: for as long again, a second at most.
create or replace function app_hidden.settle_leases(p_service_id uuid, p_ids uuid[])
returns integer
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_given_back integer := app_hidden.give_back(p_service_id, p_ids);
  v_uncertain integer;
begin
  update app_public.sub_tasks
     set status = 'uncertain', phase = 'in_doubt', uncertain_at = v_now, lease_expires_at = null, sent_at = app_hidden.told_sent_at(id, handed_over_at),
         error_code = 'no_answer', error_message = 'the worker stopped before the provider''s answer was recorded'
   where id = any (p_ids) and status = 'sending';
  get diagnostics v_uncertain = row_count;
  if v_uncertain > 0 then
    perform app_hidden.follow_evidence(p_ids);
    update app_public.email_services
       set in_flight = in_flight - v_uncertain,
           frozen_until = case when interval_ms > 0 then greatest(frozen_until, v_now + (interval_ms + least(interval_ms, 1000)) * interval '1 ms') else frozen_until end
     where id = p_service_id;
  end if;
  return v_given_back + v_uncertain;
end;
$$;

revoke all on function app_hidden.settle_leases(uuid, uuid[]) from public;
comment on function app_hidden.settle_leases(uuid, uuid[]) is
  'Ends the leases of locked rows of a locked service: claimed ones become pending, begun ones uncertain. Answers how many.';
