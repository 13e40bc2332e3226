-- Placeholder, to be replaced at the merge.
create or replace function app_private.ensure_partitions(p_months_ahead integer)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set timezone to 'UTC'
set lock_timeout to '200ms'
as $$
declare
  v_table text;
  v_month timestamptz;
  v_name text;
begin
  foreach v_table in array array['event_logs', 'mail_events'] loop
    for v_ahead in 0 .. p_months_ahead loop
      v_month := date_trunc('month', app_hidden.current_time()) + make_interval(months => v_ahead);
      v_name := v_table || to_char(v_month, '_YYYY_MM');
      continue when to_regclass('app_public.' || v_name) is not null;
      execute format('create table app_public.%I partition of app_public.%I for values from (%L) to (%L)', v_name, v_table, v_month, v_month + interval '1 month');
      execute format('alter table app_public.%I enable row level security', v_name);
    end loop;
  end loop;
end;
$$;

revoke all on function app_private.ensure_partitions(integer) from public;
grant execute on function app_private.ensure_partitions(integer) to postilion_worker;
comment on function app_private.ensure_partitions(integer) is 'Prepares the partitions of event_logs and mail_events for this month and those ahead.';
