create or replace function app_private.silent_pools()
returns setof text
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, graphile_worker, pg_temp
as $$
  select p.id from app_hidden.worker_pools p where p.seen_at < app_hidden.current_time() - interval '15 s'
  union
  select j.locked_by from graphile_worker._private_jobs j
   where j.locked_at < now() - interval '15 s' and not exists (select from app_hidden.worker_pools p where p.id = j.locked_by)
  order by 1;
$$;

revoke all on function app_private.silent_pools() from public;
grant execute on function app_private.silent_pools() to postilion_worker;
comment on function app_private.silent_pools() is
  'Pools that were silent for 15 s, or hold jobs without being registered. Release each in a transaction of its own: its services come in id order.';
