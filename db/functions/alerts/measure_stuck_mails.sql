create or replace function app_hidden.measure_stuck_mails(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'installation', null::uuid, (extract(epoch from app_hidden.current_time() - min(lease_expires_at)) / 60)::double precision, count(*),
         format('%s with a worker that is late, the longest for %s.', app_hidden.counted(count(*), 'mail'), app_hidden.span_text(min(lease_expires_at), app_hidden.current_time())),
         'postilion repair pools leases. A worker that runs does so every 5 s: if they come back, look at its log.',
         jsonb_build_object('mails', count(*))
    from app_public.sub_tasks
   where phase = 'under_way' and lease_expires_at <= (select app_hidden.current_time())
  having count(*) > 0;
$$;

revoke all on function app_hidden.measure_stuck_mails(app_public.alert_rules) from public;
comment on function app_hidden.measure_stuck_mails(app_public.alert_rules) is
  'How long mails have been held by workers that are late.';
