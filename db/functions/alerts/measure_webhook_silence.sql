create or replace function app_hidden.measure_webhook_silence(p_rule app_public.alert_rules)
returns setof app_hidden.alert_reading
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select w.email_service_id::text, null::uuid,
         (extract(epoch from app_hidden.current_time() - greatest(w.heard_at, w.silent_since)) / 3600)::double precision, w.sent,
         format('%s sent %s in 24 h, and was not heard of for %s.', w.name, app_hidden.counted(w.sent, 'mail'),
           app_hidden.span_text(greatest(w.heard_at, w.silent_since), app_hidden.current_time())),
         'Look at the webhook address in the provider''s console (postilion webhook <service> prints a new one) and at app_hidden.webhook_refusals.',
         jsonb_build_object('emailServiceId', w.email_service_id)
    from app_hidden.silent_services() as w;
$$;

revoke all on function app_hidden.measure_webhook_silence(app_public.alert_rules) from public;
comment on function app_hidden.measure_webhook_silence(app_public.alert_rules) is
  'For how long services that send have not been heard of.';
