create or replace function app_private.forget_event_keys(p_months integer, p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  perform app_hidden.commit_lazily();
  delete from app_hidden.event_keys
   where ctid = any (array(
     select ctid from app_hidden.event_keys where seen_at < app_hidden.current_time() - make_interval(months => p_months) limit p_limit for update skip locked));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.forget_event_keys(integer, integer) from public;
grant execute on function app_private.forget_event_keys(integer, integer) to postilion_worker;
comment on function app_private.forget_event_keys(integer, integer) is
  'Deletes up to p_limit keys of events first seen more than p_months months ago. Answers how many; fewer than p_limit: it is done.';
