create or replace function app_hidden.current_user_id()
returns uuid
language sql
stable
parallel safe
set search_path to pg_catalog, pg_temp
as $$
  select nullif(current_setting('postilion.user_id', true), '')::uuid;
$$;

revoke all on function app_hidden.current_user_id() from public;
grant execute on function app_hidden.current_user_id() to postilion_user, postilion_admin;
comment on function app_hidden.current_user_id() is 'Who asks, as the server set it for this transaction; null: nobody who signed in.';
