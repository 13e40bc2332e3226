create or replace function app_hidden.measure_statistics_drift(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'installation', null::uuid, count(*)::double precision, count(*),
         format('Statistics differed from the rows: %s in %s. They were mended.', app_hidden.counted(count(*), 'time'), app_hidden.window_text(p_rule.window_minutes)),
         'The numbers are right again, but this is a mistake of ours or a hand in psql: the lines in app_hidden.repairs are wanted in a report.',
         jsonb_build_object('taskIds', (jsonb_agg(distinct subject) filter (where subject is not null)))
    from app_hidden.repairs
   where at > (select app_hidden.current_time()) - make_interval(mins => p_rule.window_minutes) and what = 'recount_task' and how_many > 0
  having count(*) > 0;
$$;

revoke all on function app_hidden.measure_statistics_drift(app_public.alert_rules) from public;
comment on function app_hidden.measure_statistics_drift(app_public.alert_rules) is 'How often statistics had to be mended.';
