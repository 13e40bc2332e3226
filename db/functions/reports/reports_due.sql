-- Whoever was away for a month writes a week: older days are a command away.
create or replace function app_private.reports_due(p_timezone text)
returns setof date
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_closed date;
  v_first date;
begin
  if not app_hidden.is_timezone(p_timezone) then
    raise exception 'REPORT_TIMEZONE: the database knows no time zone called %', p_timezone using errcode = 'BADIN';
  end if;
  v_closed := ((select rolled_until from app_hidden.roll_up_progress) at time zone p_timezone)::date - 1;
  v_first := greatest(v_closed - 6, ((select min(hour) from app_public.hourly_statistics) at time zone p_timezone)::date);
  return query
    select n.day::date from generate_series(v_first::timestamp, v_closed::timestamp, '1 day') as n (day)
     where exists (select from app_public.hourly_statistics) and not exists (select from app_hidden.daily_reports r where r.day = n.day::date and r.timezone = p_timezone)
     order by n.day;
end;
$$;

revoke all on function app_private.reports_due(text) from public;
grant execute on function app_private.reports_due(text) to postilion_worker;
comment on function app_private.reports_due(text) is
  'The days of the last seven, all of whose hours are closed, of which there is no report yet. Raises BADIN.';
