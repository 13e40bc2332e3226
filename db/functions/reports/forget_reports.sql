-- Hours by domain go with the reports that are made of them. A day or two at a run are few enough for one statement.
create or replace function app_private.forget_reports(p_days integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  delete from app_hidden.hourly_domain_statistics where hour < app_hidden.current_time() - make_interval(days => p_days);
  delete from app_hidden.daily_reports where day < app_hidden.current_time()::date - p_days;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.forget_reports(integer) from public;
grant execute on function app_private.forget_reports(integer) to postilion_worker;
comment on function app_private.forget_reports(integer) is 'Deletes daily reports, and hours by domain, of more than p_days days ago. Answers how many reports.';
