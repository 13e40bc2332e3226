-- Both keys of a row, so that each is looked for in its own month alone.
-- last_heard is written once a minute for each service, and by one of those who would: whoever finds it locked leaves it.
create or replace function app_private.finish_events(p_ids bigint[], p_received_at timestamptz[], p_counts integer[])
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with finished as (
    update app_public.event_logs l
       set processed_at = (select app_hidden.current_time()), attempts = l.attempts + 1, event_count = done.event_count, error = null
      from unnest(p_ids, p_received_at, p_counts) as done (id, received_at, event_count)
     where l.id = done.id and l.received_at = done.received_at
    returning l.email_service_id, l.received_at, l.path
  ), heard as (
    select f.email_service_id, max(f.received_at) as heard_at
      from finished f join app_public.email_services s on s.id = f.email_service_id
     where f.path <> 'reconciliation'
     group by f.email_service_id
  ), known as (
    select k.email_service_id
      from app_hidden.last_heard k join heard h on h.email_service_id = k.email_service_id and h.heard_at > k.heard_at + interval '1 minute'
       for no key update of k skip locked
  ), renewed as (
    update app_hidden.last_heard k set heard_at = h.heard_at
      from heard h join known on known.email_service_id = h.email_service_id
     where k.email_service_id = h.email_service_id
  )
  insert into app_hidden.last_heard (email_service_id, heard_at)
  select h.email_service_id, h.heard_at from heard h
   where not exists (select from app_hidden.last_heard k where k.email_service_id = h.email_service_id)
   order by h.email_service_id
  on conflict do nothing;
  select app_hidden.scrub_late_events(p_ids, p_received_at);
$$;

revoke all on function app_private.finish_events(bigint[], timestamptz[], integer[]) from public;
grant execute on function app_private.finish_events(bigint[], timestamptz[], integer[]) to postilion_worker;
comment on function app_private.finish_events(bigint[], timestamptz[], integer[]) is 'Says of webhook bodies that they are applied, and how many events each held, and notes when their services were last heard of.';
