-- To prepare the months to come is no repair; that one is missing which is needed by now, or next, is.
create or replace function app_private.mend_partitions(p_months_ahead integer, p_why text)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, app_private, pg_temp
set lock_timeout to '200ms'
as $$
declare
  v_missing app_hidden.repair_step[];
begin
  -- Under the lock by which one at a time makes months, so that two who find the same one don't both enter it.
  lock table only app_public.event_logs, only app_public.mail_events in share update exclusive mode;
  v_missing := array(select p from app_hidden.plan_partitions() as p);
  perform app_private.ensure_partitions(p_months_ahead);
  if cardinality(v_missing) > 0 then
    perform app_hidden.record_repair('ensure_partitions', null, p_why, cardinality(v_missing), jsonb_build_object('plan', to_jsonb(v_missing)));
  end if;
  return cardinality(v_missing);
end;
$$;

revoke all on function app_private.mend_partitions(integer, text) from public;
grant execute on function app_private.mend_partitions(integer, text) to postilion_worker;
comment on function app_private.mend_partitions(integer, text) is
  'Prepares the inbox''s months to come (ensure_partitions). What was missing already is entered into app_hidden.repairs, and answered how much. Raises lock_not_available where it would have to wait.';
