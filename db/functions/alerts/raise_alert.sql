-- Whoever finds the same thing again says so to the alert that is open: it counts, it does not multiply.
create or replace function app_private.raise_alert(
  p_rule text, p_subject text, p_severity app_public.alert_severity, p_message text, p_details jsonb default '{}', p_workspace_id uuid default null
)
returns uuid
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  insert into app_public.alerts as open (workspace_id, rule, subject, severity, message, details, opened_at, last_seen_at)
  select p_workspace_id, p_rule, p_subject, p_severity, left(p_message, 1000), p_details, at, at from app_hidden.current_time() as at
  on conflict (rule, subject) where resolved_at is null do update
    set times = open.times + 1, last_seen_at = excluded.last_seen_at, severity = excluded.severity, message = excluded.message,
        details = excluded.details, is_announced = false
  returning id;
$$;

revoke all on function app_private.raise_alert(text, text, app_public.alert_severity, text, jsonb, uuid) from public;
grant execute on function app_private.raise_alert(text, text, app_public.alert_severity, text, jsonb, uuid) to postilion_worker;
comment on function app_private.raise_alert(text, text, app_public.alert_severity, text, jsonb, uuid) is
  'Opens the alert of a rule about a subject, or counts it once more where it is open. Answers its id.';
