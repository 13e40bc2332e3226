-- Of the last five whole minutes, folded or not: the minute that runs would always look slow.
create or replace function app_hidden.sent_lately(p_task_id uuid, p_now timestamptz)
returns double precision
language sql
stable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with span as (
    select date_trunc('minute', p_now) - interval '5 minutes' as since, date_trunc('minute', p_now) as until
  )
  select coalesce(sum(sent), 0) / 5.0
    from (
      select m.sent from app_hidden.minute_counters m, span where m.task_id = p_task_id and m.minute >= span.since and m.minute < span.until
      union all
      select d.sent from app_hidden.minute_counter_deltas d, span where d.task_id = p_task_id and d.minute >= span.since and d.minute < span.until
    ) as minutes;
$$;

revoke all on function app_hidden.sent_lately(uuid, timestamptz) from public;
comment on function app_hidden.sent_lately(uuid, timestamptz) is 'How many mails of a Task were handed over a minute, in the last five whole minutes.';
