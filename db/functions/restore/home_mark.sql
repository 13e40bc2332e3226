-- A dump that is restored has another number, even on its own server; a server made by initdb (as pg_upgrade does) has another system
-- identifier. A standby that takes over has the same of both, as it should.
create or replace function app_hidden.home_mark()
returns text
language sql
stable
set search_path to pg_catalog, pg_temp
as $$
  select (select system_identifier from pg_control_system()) || '/' || d.oid from pg_database d where d.datname = current_database();
$$;

revoke all on function app_hidden.home_mark() from public;
comment on function app_hidden.home_mark() is 'What tells this database from every copy of it: the server''s system identifier and the number of the database.';
