-- Roles belong to the cluster, this database's lock does not reach them: two databases migrated at the same moment race here, so each
-- creation tolerates the other's. The owner is whoever migrates; it joins every role, so that it may hand objects to them.
do $$
declare
  v_role text;
begin
  foreach v_role in array array[
    'postilion_authenticator', 'postilion_visitor', 'postilion_user', 'postilion_admin', 'postilion_worker', 'postilion_operator'
  ] loop
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
        execute format('create role %I nologin noinherit', v_role);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
    begin
      if not pg_catalog.pg_has_role(current_user, v_role, 'usage') then
        execute format('grant %I to %I', v_role, current_user);
      end if;
    exception when unique_violation then
      null;
    end;
  end loop;
  begin
    grant postilion_visitor, postilion_user, postilion_admin to postilion_authenticator;
  exception when unique_violation then
    null;
  end;
end;
$$;

-- Nothing is open to everyone by accident: whoever may use something is named where it is made.
alter default privileges revoke all on functions from public;
alter default privileges revoke all on tables from public;
alter default privileges revoke all on sequences from public;
alter default privileges revoke all on types from public;
alter default privileges revoke all on schemas from public;
revoke all on schema public from public;

create schema app_public;
create schema app_hidden;
create schema app_private;
create schema ops;

comment on schema app_public is 'What GraphQL clients see.';
comment on schema app_hidden is 'Helpers, counters, turns and the ledger: no client and no worker reads them directly.';
comment on schema app_private is 'Secrets, and the functions that workers and the server call.';
comment on schema ops is 'Views and functions for people in psql.';

grant usage on schema app_public to postilion_visitor, postilion_user, postilion_admin;
grant usage on schema app_private to postilion_worker;
grant usage on schema ops to postilion_operator;

-- graphile-worker's tables have row-level security without policies: only their owner reads them.
create schema graphile_worker authorization postilion_worker;
