create or replace function app_hidden.plan_counters(p_task_id uuid default null)
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'counters', t.id::text, app_hidden.clipped(t.name, 40), sum(abs(d.counted - d.kept))::bigint,
         format('statistics differ from the rows: %s. The repair adds the difference.', app_hidden.clipped(string_agg(format('%s%s kept %s, counted %s', d.counter, ' of service ' || left(d.service_id::text, 8), d.kept, d.counted), '; ' order by d.service_id nulls first, d.counter), 150))
    from app_public.tasks t
   cross join lateral app_hidden.drift_of(t.id) as d
   where t.id = any (array(select p_task_id where p_task_id is not null
                           union select app_hidden.tasks_to_count(200000) where p_task_id is null))
   group by t.id
   order by t.id;
$$;

revoke all on function app_hidden.plan_counters(uuid) from public;
comment on function app_hidden.plan_counters(uuid) is
  'Tasks whose statistics are not what their rows say: one, or those that changed last, up to 200,000 mails.';
