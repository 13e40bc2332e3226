create or replace function app_hidden.repair_kinds()
returns table (what text, place integer, verb text, mends text)
language sql
immutable
set search_path to pg_catalog, pg_temp
as $$
  values ('pools', 1, 'release_pool', 'gives up silent workers'),
         ('leases', 2, 'reap_leases', 'settles leases that have run out'),
         ('slots', 3, 'recount_in_flight', 'counts anew what services have under way'),
         ('thaw', 4, 'wake_service', 'wakes services whose freeze is over'),
         ('wake', 5, 'wake_idle_services', 'wakes services that have work and no run'),
         ('tasks', 6, 'complete_tasks', 'completes Tasks that have nothing open'),
         ('partitions', 7, 'ensure_partitions', 'makes missing months of the inbox'),
         ('events', 8, 'replay_events', 'applies webhooks that wait or were given up'),
         ('fold', 9, 'fold_counters', 'folds what was appended to the statistics'),
         ('counters', 10, 'recount_task', 'mends statistics that differ from the rows');
$$;

revoke all on function app_hidden.repair_kinds() from public;
comment on function app_hidden.repair_kinds() is
  'The repairs there are, in the order in which they help each other, and the function that does each.';
