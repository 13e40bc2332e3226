-- No index leads from a service to its last mails, and none is kept for a forecast: the last 1,000 entries of the ledger are read backwards
-- by its key, and their rows by theirs, in a scalar subquery that no planner turns into a scan.
create or replace function app_hidden.round_trips()
returns table (email_service_id uuid, median_ms double precision)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select answered.service_id, percentile_cont(0.5) within group (order by answered.ms)
    from (
      select recent.service_id, (select st.round_trip_ms from app_public.sub_tasks st where st.id = recent.sub_task_id) as ms
        from (select * from app_hidden.sub_task_changes order by id desc limit 1000) as recent
       where recent.to_status = 'sent' and recent.service_id is not null
    ) as answered
   where answered.ms is not null
   group by answered.service_id;
$$;

revoke all on function app_hidden.round_trips() from public;
comment on function app_hidden.round_trips() is
  'Median of the providers'' recent answers for each service that sent lately, in milliseconds.';
