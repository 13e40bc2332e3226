-- Before a worker's first job. The services that a copy brought along are stopped all together, whoever may have started them meanwhile.
create or replace function app_private.stay_home()
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
as $$
begin
  insert into app_hidden.home (mark, since) values (app_hidden.home_mark(), app_hidden.current_time()) on conflict do nothing;
  if not app_private.is_copy() then
    return true;
  end if;
  if exists (select from app_public.email_services where not is_stopped) then
    perform app_public.stop_sending();
  end if;
  return false;
end;
$$;

revoke all on function app_private.stay_home() from public;
grant execute on function app_private.stay_home() to postilion_worker;
comment on function app_private.stay_home() is
  'Makes this database the one in which workers send, if it is the first. Answers false where it is a copy of that one, and stops all sending there.';
