create or replace function app_hidden.measure_disk_low(p_rule app_public.alert_rules, p_given jsonb)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'database', null::uuid, 100 * free::double precision / total, 1::bigint,
         format('%s of %s are left for the database (%s).', pg_size_pretty(free), pg_size_pretty(total), app_hidden.percent_text(100 * free::double precision / total)),
         'Make room before it is full: PostgreSQL stops then. INBOX_MONTHS, BODY_DAYS and LEDGER_DAYS say what is kept.',
         jsonb_build_object('freeBytes', free, 'totalBytes', total)
    from (
      select (p_given ->> 'freeBytes')::bigint as free, (p_given ->> 'totalBytes')::bigint as total
       where p_given ? 'freeBytes'
      union all
      select greatest((p_given ->> 'mostBytes')::bigint - pg_database_size(current_database()), 0), (p_given ->> 'mostBytes')::bigint
       where p_given ? 'mostBytes' and not p_given ? 'freeBytes'
    ) as room
   where total > 0;
$$;

revoke all on function app_hidden.measure_disk_low(app_public.alert_rules, jsonb) from public;
comment on function app_hidden.measure_disk_low(app_public.alert_rules, jsonb) is
  'What is left for the database: of the disk, as the worker found it (freeBytes, totalBytes), or of what the database may take (mostBytes).';
