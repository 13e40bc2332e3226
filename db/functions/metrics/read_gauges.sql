-- One statement at a scrape, over counters, indexes that are empty while all is well, and bounded lists: it costs as much with a hundred million mails.
create or replace function app_private.read_gauges()
returns setof app_hidden.gauge
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return query select * from app_hidden.gauges_of_queue();
  return query select * from app_hidden.gauges_of_services();
  return query select * from app_hidden.gauges_of_inbox();
  return query select * from app_hidden.gauges_of_jobs();
  return query select * from app_hidden.gauges_of_upkeep();
end;
$$;

revoke all on function app_private.read_gauges() from public;
grant execute on function app_private.read_gauges() to postilion_worker;
comment on function app_private.read_gauges() is 'What monitoring shows of the database''s state, one row a number.';
