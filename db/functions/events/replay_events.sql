-- Puts bodies back into the inbox, in the order of their receipt. What counted keeps its key, so it counts once however often it is replayed.
-- One chunk a call, and the place to go on from: by then the first ones may be applied again.
create or replace function app_private.replay_events(
  p_since timestamptz, p_until timestamptz, p_provider text, p_state text, p_after_id bigint, p_limit integer
)
returns table (replayed integer, last_received_at text, last_id bigint)
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if p_state not in ('all', 'failed', 'unresolved') then
    raise exception 'where: "%" is none of all, failed and unresolved', p_state using errcode = 'BADIN';
  end if;
  return query
  with chosen as materialized (
    select l.received_at, l.id
      from app_public.event_logs l
     where l.received_at >= p_since and (l.received_at, l.id) > (p_since, p_after_id) and l.received_at < p_until and l.processed_at is not null
       -- What was erased has nothing to say again.
       and octet_length(l.body) > 0
       and (p_provider is null or l.provider = p_provider)
       and case p_state
             when 'all' then true
             when 'failed' then l.error is not null
             else (select true from app_public.mail_events e
                    where e.received_at = l.received_at and e.event_log_id = l.id and e.sub_task_id is null limit 1)
           end
     order by l.received_at, l.id
     limit p_limit
       for no key update
  ), put_back as (
    update app_public.event_logs l
       set processed_at = null, attempts = 0, next_attempt_at = '-infinity', error = null
      from chosen c
     where l.received_at = c.received_at and l.id = c.id
    returning l.received_at, l.id
  )
  select count(*)::integer, (select c.received_at::text from chosen c order by c.received_at desc, c.id desc limit 1),
         (select c.id from chosen c order by c.received_at desc, c.id desc limit 1)
    from put_back;
end;
$$;

revoke all on function app_private.replay_events(timestamptz, timestamptz, text, text, bigint, integer) from public;
grant execute on function app_private.replay_events(timestamptz, timestamptz, text, text, bigint, integer) to postilion_worker;
comment on function app_private.replay_events(timestamptz, timestamptz, text, text, bigint, integer) is
  'Puts processed bodies received in [since, until) back into the inbox: all, those that failed, or those that hold an event without a SubTask; null provider: of every source. Answers how many, and where to go on: as since and after_id. Raises BADIN.';
