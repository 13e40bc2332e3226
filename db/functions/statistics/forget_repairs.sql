-- As long as the ledger: what was mended is told by it.
create or replace function app_private.forget_repairs(p_keep interval, p_limit integer)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_count integer;
begin
  delete from app_hidden.repairs
   where id = any (array(select id from app_hidden.repairs where at < app_hidden.current_time() - p_keep limit p_limit));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.forget_repairs(interval, integer) from public;
grant execute on function app_private.forget_repairs(interval, integer) to postilion_worker;
comment on function app_private.forget_repairs(interval, integer) is 'Deletes up to p_limit lines of app_hidden.repairs that are older than p_keep. Answers how many; fewer than p_limit: it is done.';
