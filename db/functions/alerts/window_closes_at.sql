-- The same days that window_opens_at tries.
create or replace function app_hidden.window_closes_at(p_task app_public.tasks, p_at timestamptz)
returns timestamptz
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select (day + (p_task.window_end <= p_task.window_start)::integer + p_task.window_end) at time zone p_task.window_timezone
    from (select (p_at at time zone p_task.window_timezone)::date + n as day from generate_series(-1, 8) as n) as days
   where extract(isodow from day) = any (p_task.window_days)
     and (day + (p_task.window_end <= p_task.window_start)::integer + p_task.window_end) at time zone p_task.window_timezone > p_at
   order by day
   limit 1;
$$;

revoke all on function app_hidden.window_closes_at(app_public.tasks, timestamptz) from public;
comment on function app_hidden.window_closes_at(app_public.tasks, timestamptz) is
  'When the sending window of a Task that is open at a time, or the next one, ends; null: it has none.';
