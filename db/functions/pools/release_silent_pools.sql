create or replace function app_private.release_silent_pools()
returns setof text
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, graphile_worker, pg_temp
as $$
declare
  v_pool_id text;
begin
  for v_pool_id in
    select p.id from app_hidden.worker_pools p where p.seen_at < app_hidden.current_time() - interval '15 s'
    union
    select j.locked_by from graphile_worker._private_jobs j
     where j.locked_at < now() - interval '15 s' and not exists (select from app_hidden.worker_pools p where p.id = j.locked_by)
    order by 1
  loop
    perform app_private.release_pool(v_pool_id, false);
    return next v_pool_id;
  end loop;
end;
$$;

revoke all on function app_private.release_silent_pools() from public;
grant execute on function app_private.release_silent_pools() to postilion_worker;
comment on function app_private.release_silent_pools() is 'Gives up the pools that were silent for 15 s, or hold jobs without being registered. Answers which.';
