create or replace function app_private.replay_left(p_since timestamptz, p_until timestamptz)
returns integer
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select count(*)::integer from app_public.event_logs where processed_at is null and received_at >= p_since and received_at < p_until;
$$;

revoke all on function app_private.replay_left(timestamptz, timestamptz) from public;
grant execute on function app_private.replay_left(timestamptz, timestamptz) to postilion_worker;
comment on function app_private.replay_left(timestamptz, timestamptz) is 'How many bodies received in [since, until) are not applied, or wait to be tried again.';
