create or replace function app_hidden.plan_partitions()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set timezone to 'UTC'
as $$
  select 'partitions', format('%s_%s', part.of_table, month.name), part.of_table, 1::bigint, format('has no partition for the month %s. The repair makes it and moves there what strayed.', replace(month.name, '_', '-'))
    from (values ('event_logs'), ('mail_events')) as part (of_table)
   cross join (
     select to_char(date_trunc('month', app_hidden.current_time()) + n * interval '1 month', 'YYYY_MM') from generate_series(0, 1) as n
   ) as month (name)
   where to_regclass(format('app_public.%I', part.of_table || '_' || month.name)) is null
  union all
  select 'partitions', stray.of_table || '_default', stray.of_table, 1::bigint, 'rows strayed into its default partition. The repair makes their months.'
    from (
    select 'event_logs', (select true from app_public.event_logs_default limit 1)
    union all
    select 'mail_events', (select true from app_public.mail_events_default limit 1)
  ) as stray (of_table, is_there)
   where stray.is_there
   order by 2;
$$;

revoke all on function app_hidden.plan_partitions() from public;
comment on function app_hidden.plan_partitions() is
  'Months of the inbox, this one and the next, that have no partition; and default partitions that hold rows.';
