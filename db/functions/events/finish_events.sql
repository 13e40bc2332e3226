-- Both keys of a row, so that each is looked for in its own month alone.
create or replace function app_private.finish_events(p_ids bigint[], p_received_at timestamptz[], p_counts integer[])
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  update app_public.event_logs l
     set processed_at = (select app_hidden.current_time()), attempts = l.attempts + 1, event_count = done.event_count, error = null
    from unnest(p_ids, p_received_at, p_counts) as done (id, received_at, event_count)
   where l.id = done.id and l.received_at = done.received_at;
  select app_hidden.scrub_late_events(p_ids, p_received_at);
$$;

revoke all on function app_private.finish_events(bigint[], timestamptz[], integer[]) from public;
grant execute on function app_private.finish_events(bigint[], timestamptz[], integer[]) to postilion_worker;
comment on function app_private.finish_events(bigint[], timestamptz[], integer[]) is 'Says of webhook bodies that they are applied, and how many events each held.';
