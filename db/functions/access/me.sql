create or replace function app_public.me()
returns app_public.users
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select u from app_public.users u where id = app_hidden.current_user_id();
$$;

revoke all on function app_public.me() from public;
grant execute on function app_public.me() to postilion_user, postilion_admin;
comment on function app_public.me() is 'The user who asks.';
