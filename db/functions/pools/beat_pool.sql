create or replace function app_private.beat_pool(p_pool_id text)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  perform app_hidden.commit_lazily();
  update app_hidden.worker_pools set seen_at = app_hidden.current_time() where id = p_pool_id;
  return found;
end;
$$;

revoke all on function app_private.beat_pool(text) from public;
grant execute on function app_private.beat_pool(text) to postilion_worker;
comment on function app_private.beat_pool(text) is 'A runner''s sign of life. Answers false when it was given up: it must exit, others have its work.';
