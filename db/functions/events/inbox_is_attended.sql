-- A job that is locked by a worker nobody knows, or one that is silent, applies nothing.
create or replace function app_hidden.inbox_is_attended()
returns boolean
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select exists (
    select from graphile_worker._private_jobs j
     where j.key = 'apply_events'
       and case when j.locked_at is null then j.run_at <= now()
                else exists (select from app_hidden.worker_pools p where p.id = j.locked_by and p.seen_at > app_hidden.current_time() - interval '15 s') end);
$$;

revoke all on function app_hidden.inbox_is_attended() from public;
comment on function app_hidden.inbox_is_attended() is 'Whether a job to apply the inbox is due, or runs on a worker that lives.';
