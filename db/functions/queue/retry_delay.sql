create or replace function app_hidden.retry_delay(p_deferrals integer, p_retry_after_ms double precision)
returns interval
language sql
volatile
set search_path to pg_catalog, pg_temp
as $$
  select greatest(coalesce(p_retry_after_ms, 0), least(15000 * 2 ^ p_deferrals, 3600000)) * (1 + random() / 4) * interval '1 ms';
$$;

revoke all on function app_hidden.retry_delay(integer, double precision) from public;
comment on function app_hidden.retry_delay(integer, double precision) is
  'How long a mail that was refused for now waits: 15 s, doubled with each deferral up to an hour, never less than the provider asked for, and up to a quarter more at random.';
