create or replace function app_private.take_events(p_limit integer)
returns table (id bigint, provider text, received_at timestamptz, headers jsonb, body bytea, attempts integer)
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select l.id, l.provider, l.received_at, l.headers, l.body, l.attempts::integer
    from app_public.event_logs l
   where l.processed_at is null and l.next_attempt_at <= app_hidden.current_time()
   order by l.next_attempt_at, l.id
   limit p_limit
     for no key update skip locked;
$$;

revoke all on function app_private.take_events(integer) from public;
grant execute on function app_private.take_events(integer) to postilion_worker;
comment on function app_private.take_events(integer) is 'Locks and reads unprocessed webhook bodies. The caller parses and applies them in the same transaction.';
