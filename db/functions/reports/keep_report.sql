create or replace function app_private.keep_report(p_day date, p_timezone text, p_report jsonb, p_findings jsonb)
returns boolean
language sql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with kept as (
    insert into app_hidden.daily_reports (day, timezone, report, findings, written_at)
    values (p_day, p_timezone, p_report, p_findings, app_hidden.current_time())
    on conflict do nothing
    returning 1
  )
  select exists (select from kept);
$$;

revoke all on function app_private.keep_report(date, text, jsonb, jsonb) from public;
grant execute on function app_private.keep_report(date, text, jsonb, jsonb) to postilion_worker;
comment on function app_private.keep_report(date, text, jsonb, jsonb) is 'Keeps the report of a day. Answers whether it is the first: one that is there stays.';
