-- The drop needs its parent for a moment, and whoever comes after it waits behind it: so it gives up soon (55P03) and is tried again, rather
-- than hold the intake up behind somebody's long report.
create or replace function app_private.drop_partition(p_name text, p_months integer)
returns boolean
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, app_private, pg_temp
set lock_timeout to '200ms'
as $$
begin
  if p_name not in (select app_private.expired_partitions(p_months)) then
    return false;
  end if;
  execute 'drop table ' || p_name;
  return true;
exception
  -- Somebody else's drop was committed while this one waited for it.
  when undefined_table then
    return false;
end;
$$;

revoke all on function app_private.drop_partition(text, integer) from public;
grant execute on function app_private.drop_partition(text, integer) to postilion_worker;
comment on function app_private.drop_partition(text, integer) is
  'Drops one of the expired_partitions; false: it is none, or gone. Raises lock_not_available where it would have to wait.';
