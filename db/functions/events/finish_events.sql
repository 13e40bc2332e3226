create or replace function app_private.finish_events(p_ids bigint[], p_counts integer[])
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  update app_public.event_logs l
     set processed_at = app_hidden.current_time(), attempts = l.attempts + 1, event_count = done.event_count, error = null
    from unnest(p_ids, p_counts) as done (id, event_count)
   where l.id = done.id;
$$;

revoke all on function app_private.finish_events(bigint[], integer[]) from public;
grant execute on function app_private.finish_events(bigint[], integer[]) to postilion_worker;
comment on function app_private.finish_events(bigint[], integer[]) is 'Says of webhook bodies that they are applied, and how many events each held.';
