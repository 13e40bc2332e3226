create or replace function ops.read_top(p_forecasts integer default 10)
returns jsonb
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
begin
  return jsonb_build_object(
    'at', v_now,
    'workers', (select count(*) from app_hidden.worker_pools where seen_at > v_now - interval '15 s'),
    'services', app_hidden.top_services(v_now),
    'serviceCount', (select count(*) from app_public.email_services),
    'tasks', app_hidden.top_tasks(v_now, p_forecasts),
    'taskCount', (select count(*) from app_public.tasks where status in ('generating', 'queued', 'sending')),
    'inbox', (
      select jsonb_build_object('waiting', count(*), 'oldestMs', app_hidden.ms_until(v_now, min(received_at)))
        from (select received_at from app_public.event_logs where processed_at is null limit 10001) as waiting),
    'alertCount', (select count(*) from app_public.alerts where resolved_at is null),
    'alerts', (
      select coalesce(jsonb_agg(jsonb_build_object('severity', a.severity, 'message', a.message, 'times', a.times, 'sinceMs', app_hidden.ms_until(v_now, a.opened_at),
               'isAcknowledged', a.acknowledged_at is not null) order by a.severity desc, a.opened_at), '[]')
        from (select * from app_public.alerts where resolved_at is null order by severity desc, opened_at limit 5) as a));
end;
$$;

revoke all on function ops.read_top(integer) from public;
grant execute on function ops.read_top(integer) to postilion_operator;
comment on function ops.read_top(integer) is 'The installation at this moment, for a view that looks every second: services, Tasks, inbox, alerts. Lists are bounded and their counts told; of the first p_forecasts Tasks it is foreseen when they are done, which costs most of it.';
