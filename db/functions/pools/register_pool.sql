create or replace function app_private.register_pool(p_pool_id text, p_kind text, p_host text, p_pid integer)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  insert into app_hidden.worker_pools (id, kind, host, pid, started_at, seen_at)
  values (p_pool_id, p_kind, p_host, p_pid, app_hidden.current_time(), app_hidden.current_time());
$$;

revoke all on function app_private.register_pool(text, text, text, integer) from public;
grant execute on function app_private.register_pool(text, text, text, integer) to postilion_worker;
comment on function app_private.register_pool(text, text, text, integer) is 'Makes a runner process known, before it takes its first job.';
