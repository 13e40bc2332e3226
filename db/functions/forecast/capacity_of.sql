create or replace function app_hidden.capacity_of(p_paces app_hidden.service_pace[], p_at timestamptz)
returns double precision
language sql
immutable
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select coalesce(sum(app_hidden.capacity_by(pace::app_hidden.service_pace, p_at)), 0) from unnest(p_paces) as pace;
$$;

revoke all on function app_hidden.capacity_of(app_hidden.service_pace[], timestamptz) from public;
comment on function app_hidden.capacity_of(app_hidden.service_pace[], timestamptz) is 'How many mails services together can have sent by a time.';
