create or replace function ops.read_report(p_from date, p_to date, p_timezone text)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if not app_hidden.is_timezone(p_timezone) then
    raise exception 'timezone: the database knows none called %', p_timezone using errcode = 'BADIN';
  elsif p_from is null or p_to is null or not isfinite(p_from) or not isfinite(p_to) or p_to < p_from then
    raise exception 'to: expected a day not before from' using errcode = 'BADIN';
  elsif p_to - p_from > 365 then
    raise exception 'from: a report has 366 days at most' using errcode = 'BADIN';
  elsif p_from > (app_hidden.current_time() at time zone p_timezone)::date then
    raise exception 'from: % is yet to come', p_from using errcode = 'BADIN';
  end if;
  return app_hidden.report_of(p_from, p_to, p_timezone);
end;
$$;

revoke all on function ops.read_report(date, date, text) from public;
grant execute on function ops.read_report(date, date, text) to postilion_operator;
comment on function ops.read_report(date, date, text) is
  'What services, Tasks and domains came to in whole days of a time zone, beside as many days before; what can be sent, what waits, and what leaves its usual band. Raises BADIN, naming the field.';
