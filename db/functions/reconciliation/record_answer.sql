-- The way of all events: recorded raw, applied later, known again by their keys.
create or replace function app_private.record_answer(p_service_id uuid, p_provider text, p_body bytea)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  insert into app_public.event_logs (provider, path, headers, body, email_service_id) values (p_provider, 'reconciliation', '{}', p_body, p_service_id);
$$;

revoke all on function app_private.record_answer(uuid, text, bytea) from public;
grant execute on function app_private.record_answer(uuid, text, bytea) to postilion_worker;
comment on function app_private.record_answer(uuid, text, bytea) is 'Records what a provider answered when it was asked what became of its mails, as if it had told us by itself.';
