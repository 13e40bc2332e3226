create or replace function app_private.applied_migrations()
returns text[]
language sql
stable
security definer
set search_path to pg_catalog, pg_temp
as $$
  select coalesce(array_agg(name::text order by name), '{}') from postilion_migrations.migrations;
$$;

revoke all on function app_private.applied_migrations() from public;
grant execute on function app_private.applied_migrations() to postilion_worker, postilion_admin;
comment on function app_private.applied_migrations() is 'The names of the migrations that this database has.';
