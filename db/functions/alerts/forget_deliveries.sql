create or replace function app_private.forget_deliveries(p_days integer, p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  delete from app_hidden.alert_deliveries
   where id = any (array(
     select id from app_hidden.alert_deliveries
      where created_at < app_hidden.current_time() - make_interval(days => p_days) limit p_limit for update skip locked));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.forget_deliveries(integer, integer) from public;
grant execute on function app_private.forget_deliveries(integer, integer) to postilion_worker;
comment on function app_private.forget_deliveries(integer, integer) is
  'Deletes up to p_limit messages that were written more than p_days days ago. Answers how many; fewer than p_limit: it is done.';
