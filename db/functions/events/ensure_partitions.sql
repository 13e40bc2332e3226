-- Months are those of UTC. What strayed into the default partition gets its months, too, whenever they were. One at a time: the lock is
-- that which attaching takes anyway.
create or replace function app_private.ensure_partitions(p_months_ahead integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set timezone to 'UTC'
as $$
declare
  v_table text;
  v_month timestamptz;
  v_made integer := 0;
begin
  lock table only app_public.event_logs, only app_public.mail_events in share update exclusive mode;
  foreach v_table in array array['event_logs', 'mail_events'] loop
    for v_month in execute format($q$
      select date_trunc('month', app_hidden.current_time()) + n * interval '1 month' from generate_series(0, $1) as n
      union
      select date_trunc('month', received_at) from app_public.%I
      order by 1 $q$, v_table || '_default') using p_months_ahead
    loop
      v_made := v_made + app_hidden.add_partition(v_table, v_month);
    end loop;
  end loop;
  return v_made;
end;
$$;

revoke all on function app_private.ensure_partitions(integer) from public;
grant execute on function app_private.ensure_partitions(integer) to postilion_worker;
comment on function app_private.ensure_partitions(integer) is
  'Sees to it that event_logs and mail_events have a partition for this month and each of so many after it, and that the default partitions are empty. Answers how many partitions it made.';
