create or replace function app_hidden.check_database()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with look as materialized (
    select count(*) as used, current_setting('max_connections')::integer as most,
           max(extract(epoch from clock_timestamp() - xact_start)) as oldest
      from pg_stat_activity where backend_type = 'client backend'
  )
  select 'database',
         case when used > 0.95 * most then 'critical' when used > 0.8 * most or oldest > 3600 then 'warning' else 'ok' end,
         format('%s, %s of %s connections.', pg_size_pretty(pg_database_size(current_database())), used, most)
           || case when oldest > 3600 then format(' A transaction is open for %s min: the queue slows down behind it.', floor(oldest / 60)) else '' end,
         case when used > 0.8 * most then 'Raise max_connections, or put a pool in front. ' else '' end
           || case when oldest > 3600 then 'Find it in pg_stat_activity (xact_start) and end it.' else '' end,
         false, jsonb_build_object('bytes', pg_database_size(current_database()), 'connections', used, 'maxConnections', most, 'oldestTransactionSeconds', floor(oldest))
    from look;
$$;

revoke all on function app_hidden.check_database() from public;
comment on function app_hidden.check_database() is
  'The size of the database, its connections, and the oldest transaction, as far as the owner of the installation may see it.';
