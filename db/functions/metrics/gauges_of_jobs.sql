-- A job that may be tried once has used its attempt up while it runs.
create or replace function app_hidden.gauges_of_jobs()
returns setof app_hidden.gauge
language sql
stable
set search_path to pg_catalog, app_hidden, graphile_worker, pg_temp
as $$
  with looked_at as materialized (
    select case when locked_at is not null then 'locked' when attempts >= max_attempts then 'failed' when run_at > now() then 'scheduled' else 'waiting' end as state
      from graphile_worker._private_jobs limit 10001
  )
  select 'jobs', known.state, count(l.state)::double precision
    from (values ('waiting'), ('scheduled'), ('locked'), ('failed')) as known (state) left join looked_at l on l.state = known.state
   group by known.state
  union all
  select 'runners', known.kind, count(p.id)
    from (values ('send'), ('other')) as known (kind)
    left join app_hidden.worker_pools p on p.kind = known.kind and p.seen_at > app_hidden.current_time() - interval '15 s'
   group by known.kind;
$$;

revoke all on function app_hidden.gauges_of_jobs() from public;
comment on function app_hidden.gauges_of_jobs() is 'Jobs of the queue by state (of 10,001 at most), and runners that gave a sign of life within 15 s, by kind.';
