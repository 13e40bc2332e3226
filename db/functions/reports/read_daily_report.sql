create or replace function app_private.read_daily_report(p_day date, p_timezone text)
returns jsonb
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select app_hidden.report_of(p_day, p_day, p_timezone);
$$;

revoke all on function app_private.read_daily_report(date, text) from public;
grant execute on function app_private.read_daily_report(date, text) to postilion_worker;
comment on function app_private.read_daily_report(date, text) is 'The report of one day, for whoever keeps it.';
