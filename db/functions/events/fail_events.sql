-- What can't be read won't get better by waiting: it is parked at once, with its error. What could not be applied is tried again, ever later.
create or replace function app_private.fail_events(p_ids bigint[], p_received_at timestamptz[], p_errors text[], p_is_final boolean)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  update app_public.event_logs l
     set attempts = l.attempts + 1,
         error = left(failed.error, 1000),
         processed_at = case when p_is_final or l.attempts >= 9 then app_hidden.current_time() end,
         next_attempt_at = app_hidden.current_time() + least(2 ^ l.attempts, 3600) * interval '1 s'
    from unnest(p_ids, p_received_at, p_errors) as failed (id, received_at, error)
   where l.id = failed.id and l.received_at = failed.received_at;
$$;

revoke all on function app_private.fail_events(bigint[], timestamptz[], text[], boolean) from public;
grant execute on function app_private.fail_events(bigint[], timestamptz[], text[], boolean) to postilion_worker;
comment on function app_private.fail_events(bigint[], timestamptz[], text[], boolean) is
  'Keeps the errors of webhook bodies. Each is tried again after 1 s, 2 s, 4 s and so on, ten times; or, when final, never.';
