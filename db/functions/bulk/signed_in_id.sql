create or replace function app_hidden.signed_in_id()
returns uuid
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select u.id from app_public.users u where u.id = app_hidden.current_user_id();
$$;

revoke all on function app_hidden.signed_in_id() from public;
comment on function app_hidden.signed_in_id() is
  'The user who asks, where there is one; for the record of who did what.';
