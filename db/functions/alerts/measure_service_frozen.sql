create or replace function app_hidden.measure_service_frozen(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select s.id::text, null::uuid, 1::double precision, 1::bigint,
         format('%s can not send: %s', s.name, app_hidden.clipped(s.freeze_reason, 300)),
         'See to what the provider says; the service is tried again by itself. At once: the mutation releaseService.',
         jsonb_build_object('emailServiceId', s.id)
    from app_public.email_services s
   where s.is_enabled and not s.is_stopped and s.freeze_reason is not null and not app_hidden.is_held(s, (select app_hidden.current_time()));
$$;

revoke all on function app_hidden.measure_service_frozen(app_public.alert_rules) from public;
comment on function app_hidden.measure_service_frozen(app_public.alert_rules) is
  'Services that are in a freeze for a fault, or being tried again after one; not those that an alert froze.';
