-- received_at goes out and comes back as text: it finds the partition, and a Date of JavaScript has no microseconds.
-- A message id becomes known within seconds of the hand-over or never, so what names one that nobody has waits only while the webhook is young.
-- No more than some megabytes at once, whatever the bodies hold.
create or replace function app_private.take_events(p_limit integer)
returns table (
  id bigint, received_at text, provider text, email_service_id uuid, headers jsonb, body bytea, may_wait boolean
)
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with waiting as (
    select l.*
      from app_public.event_logs l
     where l.processed_at is null and l.next_attempt_at <= (select app_hidden.current_time())
     order by l.next_attempt_at, l.id
     limit p_limit
       for no key update skip locked
  ), measured as (
    select w.*, sum(octet_length(w.body)) over (order by w.next_attempt_at, w.id) - octet_length(w.body) as bytes_before from waiting w
  )
  select m.id, m.received_at::text, m.provider, m.email_service_id, m.headers, m.body,
         m.attempts < 9 and m.received_at > clock_timestamp() - interval '30 minutes'
    from measured m
   where m.bytes_before < 4000000
   order by m.next_attempt_at, m.id;
$$;

revoke all on function app_private.take_events(integer) from public;
grant execute on function app_private.take_events(integer) to postilion_worker;
comment on function app_private.take_events(integer) is 'Locks and reads unprocessed webhook bodies. The caller parses and applies them in the same transaction.';
