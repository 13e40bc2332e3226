-- Hours that are closed are read from their totals, all that is younger from minutes, folded or not.
-- Planned anew each time: whose series it is decides the index.
-- Of a service a member is told what it did for their workspaces: what it did for others is not theirs to know.
create or replace function app_public.statistics_series(
  p_task_id uuid, p_service_id uuid, p_step app_public.series_step, p_since timestamptz, p_until timestamptz
)
returns setof app_public.series_point
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
set plan_cache_mode to force_custom_plan
as $$
declare
  c_most constant integer := 1500;
  v_now timestamptz := app_hidden.current_time();
  v_step interval := ('1 ' || p_step)::interval;
  v_until timestamptz := coalesce(p_until, v_now);
  v_since timestamptz := date_trunc(p_step::text, coalesce(p_since, v_until - interval '24 hours'), 'UTC');
  v_closed timestamptz := (select case p_step when 'hour' then rolled_until else '-infinity' end from app_hidden.roll_up_progress);
  v_workspace_ids uuid[];
begin
  if p_task_id is not null then
    perform app_hidden.demand_task('viewer', p_task_id);
  elsif app_hidden.is_asked() then
    v_workspace_ids := app_hidden.workspaces_as('viewer');
  end if;
  if v_until <= v_since then
    raise exception 'until: expected a time after since' using errcode = 'BADIN';
  end if;
  if p_step = 'minute' and v_since < v_now - interval '25 hours' then
    raise exception 'since: minutes are known for the last 24 hours' using errcode = 'BADIN';
  end if;
  if v_until > v_since + c_most * v_step then
    raise exception 'since: a series has % points at most', c_most using errcode = 'BADIN';
  end if;
  return query
    with counted as (
      select h.hour as point, h.sent, h.delivered, h.opened, h.clicked, h.bounced, h.failed
        from app_public.hourly_statistics h
       where h.hour >= v_since and h.hour < least(v_until, v_closed)
         and (p_task_id is null or h.task_id = p_task_id) and (p_service_id is null or h.service_id = p_service_id)
         and (v_workspace_ids is null or h.workspace_id = any (v_workspace_ids))
      union all
      select date_trunc(p_step::text, m.minute, 'UTC'), m.sent, m.delivered, m.opened, m.clicked, m.bounced, m.failed
        from app_hidden.minute_counters m
       where m.minute >= greatest(v_since, v_closed) and m.minute < v_until
         and (p_task_id is null or m.task_id = p_task_id) and (p_service_id is null or m.service_id = p_service_id)
         and (v_workspace_ids is null or exists (select from app_public.tasks t where t.id = m.task_id and t.workspace_id = any (v_workspace_ids)))
      union all
      select date_trunc(p_step::text, d.minute, 'UTC'), d.sent, d.delivered, d.opened, d.clicked, d.bounced, d.failed
        from app_hidden.minute_counter_deltas d
       where d.minute >= greatest(v_since, v_closed) and d.minute < v_until
         and (p_task_id is null or d.task_id = p_task_id) and (p_service_id is null or d.service_id = p_service_id)
         and (v_workspace_ids is null or exists (select from app_public.tasks t where t.id = d.task_id and t.workspace_id = any (v_workspace_ids)))
    )
    select points.point, coalesce(sum(c.sent), 0)::integer, coalesce(sum(c.delivered), 0)::integer, coalesce(sum(c.opened), 0)::integer,
           coalesce(sum(c.clicked), 0)::integer, coalesce(sum(c.bounced), 0)::integer, coalesce(sum(c.failed), 0)::integer
      from generate_series(v_since, v_until - interval '1 microsecond', v_step) as points (point)
      left join counted c using (point)
     group by points.point
     order by points.point;
end;
$$;

revoke all on function app_public.statistics_series(uuid, uuid, app_public.series_step, timestamptz, timestamptz) from public;
grant execute on function app_public.statistics_series(uuid, uuid, app_public.series_step, timestamptz, timestamptz) to postilion_user, postilion_admin;
comment on function app_public.statistics_series(uuid, uuid, app_public.series_step, timestamptz, timestamptz) is
  'What happened in each minute or hour of a period, of a Task, of a service, or of a service for a Task: points without a gap, 1,500 at most. Raises BADIN, naming the field, and NTFND.';
