create or replace function app_hidden.measure_repair_recurs(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select left(r.what || coalesce(' ' || r.subject, ''), 200), null::uuid, count(*)::double precision, count(*),
         format('%s mended the same %s in %s. Last: %s', r.what, app_hidden.counted(count(*), 'time'), app_hidden.window_text(p_rule.window_minutes),
           app_hidden.clipped((array_agg(r.why order by r.id desc))[1], 200)),
         'Once is a crash; again and again is a fault. The logs of postilion work at these times: select * from app_hidden.repairs order by id desc limit 20;',
         jsonb_build_object('what', r.what, 'subject', r.subject)
    from app_hidden.repairs r
   where r.at > (select app_hidden.current_time()) - make_interval(mins => p_rule.window_minutes)
     and r.how_many > 0 and r.what not in ('recount_task', 'pause_task', 'freeze_service')
   group by r.what, r.subject;
$$;

revoke all on function app_hidden.measure_repair_recurs(app_public.alert_rules) from public;
comment on function app_hidden.measure_repair_recurs(app_public.alert_rules) is
  'How often the same was mended of the same subject; statistics have a rule of their own.';
