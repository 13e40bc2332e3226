-- A fault freezes for an hour at most. For ever would be plainer than a hundred years, but PostgreSQL 15 subtracts nothing from infinity.
create or replace function app_hidden.is_held(p_service app_public.email_services, p_at timestamptz)
returns boolean
language sql
immutable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select p_service.frozen_until > p_at + interval '1 year';
$$;

revoke all on function app_hidden.is_held(app_public.email_services, timestamptz) from public;
comment on function app_hidden.is_held(app_public.email_services, timestamptz) is
  'Whether a service is frozen until a person releases it.';
