-- As drift_of. Milliseconds are sums of fractions, which depend on the order they are added in: a difference of one is none.
create or replace function app_hidden.drift_of_services(p_task_id uuid)
returns setof app_hidden.counter_drift
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  with counted as (
    select c.service_id, numbers.key, round(numbers.value::float8)::bigint as value
      from app_hidden.count_service_rows(p_task_id) as c cross join lateral jsonb_each_text(to_jsonb(c) - '{task_id,service_id}'::text[]) as numbers
  ), kept as (
    select k.service_id, numbers.key, round(numbers.value::float8)::bigint as value
      from app_hidden.task_service_numbers as k cross join lateral jsonb_each_text(to_jsonb(k) - '{task_id,service_id}'::text[]) as numbers
     where k.task_id = p_task_id
  )
  select service_id, key, coalesce(kept.value, 0), coalesce(counted.value, 0)
    from counted full join kept using (service_id, key)
   where abs(coalesce(kept.value, 0) - coalesce(counted.value, 0)) > (case key when 'answer_ms' then 1 else 0 end)
   order by service_id, key;
$$;

revoke all on function app_hidden.drift_of_services(uuid) from public;
comment on function app_hidden.drift_of_services(uuid) is 'The counters of a Task by service that are not what its rows say. Reads every row.';
