create or replace function app_private.is_copy()
returns boolean
language sql
stable
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  select exists (select from app_hidden.home h where h.mark <> app_hidden.home_mark());
$$;

revoke all on function app_private.is_copy() from public;
grant execute on function app_private.is_copy() to postilion_worker;
comment on function app_private.is_copy() is 'Whether this database was made from another one, in which workers sent: then nothing is sent until after_restore.';
