-- For transactions that can be lost with a crash of the server and lose nothing: each is whole or not there, and is done again when it is not.
-- Whatever must not be lost (a hand-over begun, its answer, an acknowledged webhook) waits for its commit, which makes all before it durable.
create or replace function app_hidden.commit_lazily()
returns void
language plpgsql
volatile
set search_path to pg_catalog, pg_temp
as $$
begin
  perform set_config('synchronous_commit', 'off', true);
end;
$$;

revoke all on function app_hidden.commit_lazily() from public;
comment on function app_hidden.commit_lazily() is 'Has the current transaction not wait for the disk when it commits.';
