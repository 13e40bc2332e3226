-- `replace` is right for a key whose job may be running: the running row loses its key and a fresh one is stored. A job must survive any
-- number of kills, hence the attempts.
create or replace function app_hidden.add_job(p_identifier text, p_payload jsonb, p_key text, p_run_at timestamptz)
returns void
language plpgsql
volatile
security definer
set search_path to pg_catalog, graphile_worker, pg_temp
as $$
begin
  perform graphile_worker.add_job(
    identifier => p_identifier, payload => p_payload::json, run_at => p_run_at, max_attempts => 32767, job_key => p_key, job_key_mode => 'replace');
end;
$$;

revoke all on function app_hidden.add_job(text, jsonb, text, timestamptz) from public;
comment on function app_hidden.add_job(text, jsonb, text, timestamptz) is 'Stores a graphile-worker job under a key, replacing one that waits under it.';
