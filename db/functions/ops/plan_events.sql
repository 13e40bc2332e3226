create or replace function app_hidden.plan_events()
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with waiting as materialized (
    select received_at from app_public.event_logs
     where processed_at is null and next_attempt_at <= (select app_hidden.current_time()) and received_at < (select app_hidden.current_time()) - interval '1 minute'
     limit 10000
  ), parked as materialized (
    select provider, attempts from app_public.event_logs
     where error is not null and processed_at is not null and received_at >= (select app_hidden.current_time()) - interval '7 days'
     limit 10000
  )
  select 'events', 'waiting', 'inbox', count(*),
         format('recorded and not applied for %s. The repair has them applied.', app_hidden.span_text(min(received_at), app_hidden.current_time()))
    from waiting
   where not app_hidden.inbox_is_attended()
  having count(*) > 0
  union all
  select 'events', 'parked', provider, count(*),
         format('given up (%s could not be read, %s not be applied). The repair tries them again; what still can not be read is put aside again.',
           count(*) filter (where attempts < 10), count(*) filter (where attempts >= 10))
    from parked group by provider
   order by 2, 3;
$$;

revoke all on function app_hidden.plan_events() from public;
comment on function app_hidden.plan_events() is
  'Webhooks that have been due for over a minute while nobody was told to apply them, and those of the last week that were given up; up to 10,000 of each.';
