-- Beside fold_counters, once a second: so whatever is announced here is announced at most that often. One announces at a time.
-- It waits for the disk, as fold_counters does and for the same reason.
create or replace function app_private.announce_changes()
returns integer
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  if not pg_try_advisory_xact_lock(hashtextextended('postilion.announce_changes', 0)) then
    return 0;
  end if;
  return app_hidden.announce_services() + app_hidden.announce_events() + app_hidden.announce_alerts();
end;
$$;

revoke all on function app_private.announce_changes() from public;
grant execute on function app_private.announce_changes() to postilion_worker;
comment on function app_private.announce_changes() is
  'Tells subscribers of services, mail events and alerts that changed, and answers how many subjects did. Tasks are announced by fold_counters.';
