-- A service that has had a mail accepted has no reason to be frozen any more (settle_service). What was reported a moment ago may not have
-- reached the service yet, and stays.
create or replace function app_private.resolve_service_alerts()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_private, app_hidden, pg_temp
as $$
declare
  v_subjects text[] := array(
    select a.subject from app_public.alerts a
     where a.rule = 'service_unusable' and a.resolved_at is null and a.last_seen_at < app_hidden.current_time() - interval '10 s'
       and not exists (select from app_public.email_services s where s.id::text = a.subject and s.freeze_reason is not null)
     order by a.subject);
begin
  perform app_private.resolve_alert('service_unusable', subject) from unnest(v_subjects) as subject;
  return cardinality(v_subjects);
end;
$$;

revoke all on function app_private.resolve_service_alerts() from public;
grant execute on function app_private.resolve_service_alerts() to postilion_worker;
comment on function app_private.resolve_service_alerts() is
  'Resolves service_unusable of services that send again, or are gone. Answers how many.';
