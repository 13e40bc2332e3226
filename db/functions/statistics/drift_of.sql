-- By the counters' names, whichever there are. Both sides are read in the caller's snapshot: a statement changes rows and counters together,
-- so under whatever load a difference in one snapshot is a mistake, never a moment between the two.
create or replace function app_hidden.drift_of(p_task_id uuid)
returns setof app_hidden.counter_drift
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select null::uuid, key, coalesce(kept.value::bigint, 0), counted.value::bigint
    from jsonb_each_text(to_jsonb(app_hidden.count_rows(p_task_id)) - 'task_id') as counted
    left join jsonb_each_text(to_jsonb(app_hidden.counters_of(p_task_id)) - 'task_id') as kept using (key)
   where counted.value::bigint <> coalesce(kept.value::bigint, 0)
  union all
  select * from app_hidden.drift_of_services(p_task_id)
   order by 1 nulls first, 2;
$$;

revoke all on function app_hidden.drift_of(uuid) from public;
comment on function app_hidden.drift_of(uuid) is
  'The counters of a Task, of all its mails and by service, that are not what its rows say: as they are kept, and as they are counted. Reads every row.';
