-- A row that was reaped is due since always: it counts from when its Task was generated.
create or replace function app_hidden.gauges_of_queue()
returns setof app_hidden.gauge
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with under_way as materialized (
    select t.id, t.status, t.generation_finished_at from app_public.tasks t where t.status in ('queued', 'sending') order by t.priority desc, t.id limit 1000
  ), mails as materialized (
    select coalesce(sum(c.pending), 0) as pending, coalesce(sum(c.allocated), 0) as allocated, coalesce(sum(c.sending), 0) as sending
      from under_way cross join lateral app_hidden.counters_of(under_way.id) as c
  ), due as materialized (
    select max(app_hidden.current_time() - greatest(head.at, under_way.generation_finished_at)) as since
      from under_way cross join lateral (select app_hidden.first_waiting(under_way.id, app_hidden.all_lanes()) as at) as head
     where head.at <= app_hidden.current_time()
  ), in_doubt as materialized (
    select uncertain_at from app_public.sub_tasks where phase = 'in_doubt' limit 10001
  )
  select 'tasks', state.name, (select count(*) from under_way where status::text = state.name)::double precision from (values ('queued'), ('sending')) as state (name)
  union all
  select 'queue_mails', state.name, state.number::double precision
    from mails cross join lateral (values ('pending', pending), ('allocated', allocated), ('sending', sending)) as state (name, number)
  union all
  select 'oldest_due_seconds', null, coalesce(extract(epoch from since), 0)::double precision from due
  union all
  select 'uncertain_mails', age.name, (select count(*) from in_doubt where (uncertain_at < app_hidden.current_time() - interval '1 hour') = (age.name = 'old'))::double precision
    from (values ('new'), ('old')) as age (name)
  union all
  select 'leases_overdue', null, (select count(*) from app_public.sub_tasks where phase = 'under_way' and lease_expires_at <= (select app_hidden.current_time()))::double precision;
$$;

revoke all on function app_hidden.gauges_of_queue() from public;
comment on function app_hidden.gauges_of_queue() is
  'Of the Tasks that are being sent, the 1,000 served first: how many, their mails by state, and for how long the first one has been due; of all: mails in doubt (at most 10,001) and leases that ran out.';
