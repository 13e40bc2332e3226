create or replace function app_hidden.check_backlog()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with chosen as materialized (
    select t.id, t.name from app_public.tasks t where t.status in ('queued', 'sending') order by t.priority desc, t.id limit 50
  ), foreseen as materialized (
    select c.name, f."left", f.finishes_at, f.limiting from chosen c cross join lateral app_public.forecast_task(c.id) as f where f."left" > 0
  )
  select 'backlog', case when bool_or(limiting = 'nothing may send') then 'critical' when bool_or(finishes_at is null) then 'warning' else 'ok' end,
         case when count(*) = 0 then 'Nothing waits.'
              else format('%s of %s left; the last goes in %s.', app_hidden.counted(sum("left")::bigint, 'mail'), app_hidden.counted(count(*), 'Task'),
                case when bool_or(finishes_at is null) then 'over 400 days' else app_hidden.span_text(app_hidden.current_time(), max(finishes_at)) end) end
           || coalesce(' Nothing may send: ' || app_hidden.clipped(string_agg(name, ', ' order by name) filter (where limiting = 'nothing may send'), 150) || '.', ''),
         case when bool_or(limiting = 'nothing may send') then 'postilion diagnose <task> says why.' when bool_or(finishes_at is null) then 'Add a service, or raise a quota.' else '' end,
         false, jsonb_build_object('left', coalesce(sum("left"), 0), 'tasks', count(*), 'finishesAt', max(finishes_at))
    from foreseen;
$$;

revoke all on function app_hidden.check_backlog() from public;
comment on function app_hidden.check_backlog() is 'How much is left to be sent by the 50 Tasks served first, and until when.';
