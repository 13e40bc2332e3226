create or replace function app_hidden.check_silence()
returns setof app_hidden.health_line
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'webhooks', case when count(*) > 0 then 'warning' else 'ok' end,
         case when count(*) = 0 then 'Every service that sends is heard of.'
              else format('%s without a webhook of what was sent: %s.', app_hidden.counted(count(*), 'service'), app_hidden.clipped(string_agg(format('%s (since %s)', name, app_hidden.span_text(greatest(heard_at, silent_since), app_hidden.current_time())), ', ' order by name), 200)) end,
         case when count(*) > 0 then 'Look at the webhook address in the provider''s console (postilion webhook <service> prints a new one) and at app_hidden.webhook_refusals.' else '' end,
         false, jsonb_build_object('silent', count(*))
    from app_hidden.silent_services();
$$;

revoke all on function app_hidden.check_silence() from public;
comment on function app_hidden.check_silence() is 'Whether services that send are heard of.';
