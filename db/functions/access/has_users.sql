create or replace function app_private.has_users()
returns boolean
language sql
stable
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
  select exists (select from app_public.users);
$$;

revoke all on function app_private.has_users() from public;
grant execute on function app_private.has_users() to postilion_authenticator;
comment on function app_private.has_users() is 'Whether anybody can sign in yet.';
