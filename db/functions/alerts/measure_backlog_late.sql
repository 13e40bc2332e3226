create or replace function app_hidden.measure_backlog_late(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select f.id::text, f.workspace_id,
         least(extract(epoch from coalesce(f.finishes_at, app_hidden.current_time() + interval '400 days') - p.until) / 3600, 9600)::double precision, f.waits,
         case when f.finishes_at is null
              then format('%s: %s wait, and there is no end to be foreseen (%s); it was to be done %s.', f.name, app_hidden.counted(f.waits, 'mail'), f.limiting, to_char(p.until at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'))
              else format('%s: %s wait, and the last goes %s; it was to be done %s.', f.name, app_hidden.counted(f.waits, 'mail'),
                     to_char(f.finishes_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), to_char(p.until at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')) end,
         format('postilion diagnose %s says what holds it up. More services, a higher quota or a wider window make it faster.', f.id),
         jsonb_build_object('taskId', f.id, 'until', p.until, 'finishesAt', f.finishes_at)
    from app_hidden.foreseen_tasks() as f join app_hidden.task_plans p on p.task_id = f.id;
$$;

revoke all on function app_hidden.measure_backlog_late(app_public.alert_rules) from public;
comment on function app_hidden.measure_backlog_late(app_public.alert_rules) is
  'How much later than planned the Tasks under way will be done; those served first, 50 of them.';
