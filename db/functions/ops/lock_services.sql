create or replace function app_hidden.lock_services()
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  perform app_hidden.lock_service(id) from (select id from app_public.email_services order by id) as all_of_them;
end;
$$;

revoke all on function app_hidden.lock_services() from public;
comment on function app_hidden.lock_services() is 'Locks every service, in id order (step 2 of the lock order).';
