create or replace function app_hidden.plan_fold()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'fold', 'task_counter_changes', 'statistics', count(*), 'lines wait to be folded into the statistics (numbers are right, reading them is slow).'
    from (select from app_hidden.task_counter_changes limit 50001) as waiting
  having count(*) > case when app_hidden.worker_is_live('send') or app_hidden.worker_is_live('other') then 50000 else 0 end;
$$;

revoke all on function app_hidden.plan_fold() from public;
comment on function app_hidden.plan_fold() is 'Counter changes that nobody folds: any while no worker runs, more than 50,000 otherwise.';
