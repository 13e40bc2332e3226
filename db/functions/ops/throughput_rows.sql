-- The time of the queue is a constant of the query, or the block ranges could not be asked.
drop view if exists ops.throughput_by_minute;
drop function if exists app_hidden.throughput_rows();

create or replace function app_hidden.throughput_rows()
returns table (minute text, sent bigint, failed bigint, doubt bigint, deferred bigint, bar text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with counted as materialized (
    select date_trunc('minute', changed_at) as minute,
           count(*) filter (where to_status = 'sent') as sent, count(*) filter (where to_status = 'failed') as failed,
           count(*) filter (where to_status = 'uncertain') as doubt, count(*) filter (where to_status = 'pending') as deferred
      from app_hidden.sub_task_changes
     where changed_at >= (select date_trunc('minute', app_hidden.current_time()) - interval '29 minutes') and from_status in ('sending', 'uncertain')
     group by 1
  )
  select to_char(m, 'HH24:MI'), coalesce(sent, 0), coalesce(failed, 0), coalesce(doubt, 0), coalesce(deferred, 0),
         repeat('█', ceil(30.0 * coalesce(sent, 0) / greatest(max(sent) over (), 1))::integer)
    from generate_series(date_trunc('minute', app_hidden.current_time()) - interval '29 minutes', date_trunc('minute', app_hidden.current_time()), '1 minute') as m
    left join counted on counted.minute = m
   order by m desc;
$$;

revoke all on function app_hidden.throughput_rows() from public;
grant execute on function app_hidden.throughput_rows() to postilion_operator;
comment on function app_hidden.throughput_rows() is 'What ops.throughput_by_minute shows.';

create view ops.throughput_by_minute as select * from app_hidden.throughput_rows();
grant select on ops.throughput_by_minute to postilion_operator;
comment on view ops.throughput_by_minute is 'What hand-overs came to in each of the last 30 minutes, from the ledger: sent, failed, in doubt, and refused for now.';
