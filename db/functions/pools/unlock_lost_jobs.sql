-- A connection may break after the database gave a job and before the runner heard of it: graphile-worker would keep it locked for 4 hours,
-- the runner being alive. 15 s, since an answer may be on its way.
create or replace function app_private.unlock_lost_jobs(p_pool_id text, p_at_hand bigint[], p_why text)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, graphile_worker, pg_temp
as $$
declare
  v_identifiers text[];
begin
  with lost as (
    update graphile_worker._private_jobs j set locked_by = null, locked_at = null
     where j.locked_by = p_pool_id and j.locked_at < now() - interval '15 s' and j.id <> all (p_at_hand)
    returning j.job_queue_id, j.task_id
  ), queues as (
    update graphile_worker._private_job_queues q set locked_by = null, locked_at = null
      from lost l where q.id = l.job_queue_id and q.locked_by = p_pool_id
  )
  select array_agg(t.identifier order by t.identifier) into v_identifiers
    from lost l join graphile_worker._private_tasks t on t.id = l.task_id;
  if v_identifiers is null then return 0; end if;
  perform app_hidden.record_repair(
    'unlock_lost_jobs', null, p_why, cardinality(v_identifiers), jsonb_build_object('pool', p_pool_id, 'jobs', v_identifiers));
  return cardinality(v_identifiers);
end;
$$;

revoke all on function app_private.unlock_lost_jobs(text, bigint[], text) from public;
grant execute on function app_private.unlock_lost_jobs(text, bigint[], text) to postilion_worker;
comment on function app_private.unlock_lost_jobs(text, bigint[], text) is
  'Frees the jobs that a runner has held for 15 s and does not work on, and answers how many; they are entered into app_hidden.repairs.';
