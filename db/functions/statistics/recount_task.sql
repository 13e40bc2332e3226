-- Whoever mends waits for whoever mends the same Task, and only then counts: two that found the same drift would mend it twice. Nobody else
-- is held up: no row is locked, sending and events go on.
create or replace function app_private.recount_task(p_task_id uuid, p_dry_run boolean, p_why text default 'asked for')
returns setof app_hidden.counter_drift
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_drift app_hidden.counter_drift[];
begin
  if not p_dry_run then
    perform pg_advisory_xact_lock(hashtextextended('postilion.recount_task ' || p_task_id, 0));
  end if;
  if (select true from app_public.tasks where id = p_task_id) is null then
    raise exception 'taskId: there is no task %', p_task_id using errcode = 'NTFND';
  end if;
  v_drift := array(select d from app_hidden.drift_of(p_task_id) as d);
  if not p_dry_run and cardinality(v_drift) > 0 then
    perform case when service_id is null then app_hidden.mend_counters(p_task_id, differences)
                 else app_hidden.mend_service_counters(p_task_id, service_id, differences) end
       from (select service_id, jsonb_object_agg(counter, counted - kept) as differences from unnest(v_drift) group by service_id) as drifted;
    perform app_hidden.record_repair(
      'recount_task', p_task_id, p_why, (select sum(abs(counted - kept)) from unnest(v_drift))::bigint, jsonb_build_object('drift', to_jsonb(v_drift)));
  end if;
  return query select * from unnest(v_drift);
end;
$$;

revoke all on function app_private.recount_task(uuid, boolean, text) from public;
grant execute on function app_private.recount_task(uuid, boolean, text) to postilion_worker;
comment on function app_private.recount_task(uuid, boolean, text) is
  'Compares a Task''s statistics, of all its mails and by service, with its rows and answers each counter that differs, as it was kept and as it was counted; mends them, with an entry in app_hidden.repairs, unless it is a dry run. Raises NTFND. Reads every row.';
