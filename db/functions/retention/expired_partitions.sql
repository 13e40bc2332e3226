-- However old: nothing goes that is still to be applied, or to be rolled up.
create or replace function app_private.expired_partitions(p_months integer)
returns setof text
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select p.name
    from app_hidden.dated_partitions() as p
   where p.ends_at <= app_hidden.current_time() - make_interval(months => p_months)
     and p.ends_at <= (select rolled_until from app_hidden.roll_up_progress)
     and (select true from app_public.event_logs l where l.processed_at is null and l.received_at < p.ends_at limit 1) is null
   order by p.ends_at, p.name;
$$;

revoke all on function app_private.expired_partitions(integer) from public;
grant execute on function app_private.expired_partitions(integer) to postilion_worker;
comment on function app_private.expired_partitions(integer) is 'The partitions of event_logs and mail_events that ended p_months months ago and that nothing waits in.';
