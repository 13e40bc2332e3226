create or replace function app_hidden.check_tasks()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'tasks', case when count(*) > 0 then 'warning' else 'ok' end,
         case when count(*) = 0 then 'Every Task that is complete says so.'
              else format('Complete without saying so: %s (%s).', app_hidden.counted(count(*), 'Task'), app_hidden.clipped(string_agg(name, ', ' order by name), 150)) end,
         case when count(*) > 0 then 'A running worker says so within 10 s. If it stays: postilion repair tasks.' else '' end, true, jsonb_build_object('completeInFact', count(*))
    from app_hidden.plan_tasks();
$$;

revoke all on function app_hidden.check_tasks() from public;
comment on function app_hidden.check_tasks() is 'Whether Tasks that are complete say so.';
