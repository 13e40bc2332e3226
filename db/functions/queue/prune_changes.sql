-- However old: no line goes that hourly_statistics were not made from yet.
create or replace function app_private.prune_changes(p_keep interval, p_limit integer)
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
  delete from app_hidden.sub_task_changes
   where ctid = any (array(
     select ctid from app_hidden.sub_task_changes
      where changed_at < least(app_hidden.current_time() - p_keep, (select rolled_until from app_hidden.roll_up_progress))
      limit p_limit));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

revoke all on function app_private.prune_changes(interval, integer) from public;
grant execute on function app_private.prune_changes(interval, integer) to postilion_worker;
comment on function app_private.prune_changes(interval, integer) is 'Deletes up to p_limit lines of the ledger that are older than p_keep and rolled up. Answers how many; fewer than p_limit: it is done.';
