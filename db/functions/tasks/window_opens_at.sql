-- Days are tried from yesterday on, since a window may reach over midnight; local times are read in the zone, so a change of clocks shifts
-- nothing. Ten days hold at least one of any.
create or replace function app_hidden.window_opens_at(p_task app_public.tasks, p_at timestamptz)
returns timestamptz
language sql
stable
set search_path to pg_catalog, pg_temp
as $$
  select case when p_task.window_days is null then p_at else (
    select greatest(p_at, opening.starts_at)
      from (
        select (day + p_task.window_start) at time zone p_task.window_timezone as starts_at,
               (day + (p_task.window_end <= p_task.window_start)::integer + p_task.window_end) at time zone p_task.window_timezone as ends_at
          from (select (p_at at time zone p_task.window_timezone)::date + n as day from generate_series(-1, 8) as n) as days
         where extract(isodow from day) = any (p_task.window_days)
      ) as opening
     where opening.ends_at > p_at
     order by opening.starts_at
     limit 1
  ) end;
$$;

revoke all on function app_hidden.window_opens_at(app_public.tasks, timestamptz) from public;
comment on function app_hidden.window_opens_at(app_public.tasks, timestamptz) is
  'When a Task may next hand mails over by its sending window: the given time itself while the window is open, or when there is none.';
