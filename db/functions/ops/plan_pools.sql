create or replace function app_hidden.plan_pools()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_hidden, app_private, pg_temp
as $$
  select 'pools', silent.id, coalesce(p.kind || ' runner, process ' || p.pid, 'a runner nobody registered'),
         (select count(*) from graphile_worker._private_jobs j where j.locked_by = silent.id),
         format('no sign of life %s. The repair gives its jobs and its services to others.', case when p.id is null then 'at all' else 'for ' || app_hidden.span_text(p.seen_at, app_hidden.current_time()) end)
    from app_private.silent_pools() as silent (id)
    left join app_hidden.worker_pools p on p.id = silent.id
   order by silent.id;
$$;

revoke all on function app_hidden.plan_pools() from public;
comment on function app_hidden.plan_pools() is 'Runner processes that are silent, with the jobs they hold.';
