-- A job that waits behind its time is no run: it is what is left where no worker takes jobs that send.
create or replace function app_hidden.measure_service_down(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, graphile_worker, pg_temp
as $$
  select s.id::text, null::uuid, 1::double precision, 1::bigint,
         format('%s has work, and nothing runs it.', s.name),
         'Is postilion work running everywhere it should? Its log says why a run ends. postilion repair thaw wake starts one.',
         jsonb_build_object('emailServiceId', s.id)
    from app_public.email_services s
   where s.is_enabled and not s.is_stopped
     and not (s.loop_token is not null and s.loop_expires_at > (select app_hidden.current_time()))
     and app_hidden.next_run_at(s) < (select app_hidden.current_time()) + interval '10 s'
     and not exists (
       select from graphile_worker._private_jobs j
        where j.key = 'send:' || s.id and j.attempts < j.max_attempts and j.run_at > now() - interval '1 minute');
$$;

revoke all on function app_hidden.measure_service_down(app_public.alert_rules) from public;
comment on function app_hidden.measure_service_down(app_public.alert_rules) is
  'Services that have work, no live loop, and no job that will begin one or should have begun one less than a minute ago.';
