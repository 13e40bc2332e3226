create or replace function app_private.pools_of_host(p_host text)
returns table (id text, pid integer)
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select p.id, p.pid from app_hidden.worker_pools p where p.host = p_host order by p.id;
$$;

revoke all on function app_private.pools_of_host(text) from public;
grant execute on function app_private.pools_of_host(text) to postilion_worker;
comment on function app_private.pools_of_host(text) is 'The runner processes registered on a host, so that a neighbour can see which are gone.';
