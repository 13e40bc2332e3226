-- A running job whose key was added again loses it and all its attempts; killed then, its row would stay for ever.
create or replace function app_private.delete_dead_jobs(p_why text default null)
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, graphile_worker, pg_temp
as $$
declare
  v_count integer;
begin
  delete from graphile_worker._private_jobs where key is null and locked_at is null and attempts >= max_attempts and max_attempts > 1000;
  get diagnostics v_count = row_count;
  if v_count > 0 and p_why is not null then
    perform app_hidden.record_repair('delete_dead_jobs', null, p_why, v_count);
  end if;
  return v_count;
end;
$$;

revoke all on function app_private.delete_dead_jobs(text) from public;
grant execute on function app_private.delete_dead_jobs(text) to postilion_worker;
comment on function app_private.delete_dead_jobs(text) is
  'Deletes the rows of jobs that were replaced while they ran and then killed, and answers how many; with a reason they are entered into app_hidden.repairs.';
