create or replace function app_hidden.count_task_folds(p_task_ids uuid[])
returns void
language sql
volatile
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  insert into app_hidden.task_folds as known (task_id, folds)
  select task_id, 1 from unnest(p_task_ids) as task_id order by task_id
  on conflict (task_id) do update set folds = known.folds + 1;
$$;

revoke all on function app_hidden.count_task_folds(uuid[]) from public;
comment on function app_hidden.count_task_folds(uuid[]) is 'Notes that the statistics of Tasks are about to be announced.';
