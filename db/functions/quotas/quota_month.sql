create or replace function app_hidden.quota_month(p_at timestamptz)
returns date
language sql
immutable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select date_trunc('month', p_at at time zone 'UTC')::date;
$$;

revoke all on function app_hidden.quota_month(timestamptz) from public;
comment on function app_hidden.quota_month(timestamptz) is 'The month, in UTC, to whose quota a time belongs: its first day.';
