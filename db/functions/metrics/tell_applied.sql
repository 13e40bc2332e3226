-- What a batch of webhooks came to, read from the rows it has just written: so the batch itself is the same, measured or not.
create or replace function app_private.tell_applied(p_ids bigint[], p_received_at timestamptz[])
returns table (lags double precision[], kinds text[], strategies text[], counts bigint[])
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  with told as (
    select e.kind::text as kind, coalesce(e.strategy, 'none') as strategy, count(*) as times
      from unnest(p_ids, p_received_at) as log (id, received_at)
      join app_public.mail_events e on e.event_log_id = log.id and e.received_at = log.received_at
     group by 1, 2
  )
  select array(select extract(epoch from clock_timestamp() - at)::double precision from unnest(p_received_at) as at),
         coalesce(array_agg(kind order by kind, strategy), '{}'), coalesce(array_agg(strategy order by kind, strategy), '{}'),
         coalesce(array_agg(times order by kind, strategy), '{}')
    from told;
$$;

revoke all on function app_private.tell_applied(bigint[], timestamptz[]) from public;
grant execute on function app_private.tell_applied(bigint[], timestamptz[]) to postilion_worker;
comment on function app_private.tell_applied(bigint[], timestamptz[]) is
  'Of webhooks that were applied in this transaction: how many seconds each waited, and how many events of each kind counted for the first time, by the strategy that found their SubTask (none: it was not found).';
