create or replace function ops.report_today(p_timezone text)
returns date
language plpgsql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  if not app_hidden.is_timezone(p_timezone) then
    raise exception 'timezone: the database knows none called %', p_timezone using errcode = 'BADIN';
  end if;
  return (app_hidden.current_time() at time zone p_timezone)::date;
end;
$$;

revoke all on function ops.report_today(text) from public;
grant execute on function ops.report_today(text) to postilion_operator;
comment on function ops.report_today(text) is 'Which day it is in a time zone, by the time of the queue. Raises BADIN.';
