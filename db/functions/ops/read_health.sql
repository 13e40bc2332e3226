create or replace function ops.read_health()
returns setof app_hidden.health_line
language plpgsql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  return query select * from app_hidden.check_workers();
  return query select * from app_hidden.check_services();
  return query select * from app_hidden.check_stuck();
  return query select * from app_hidden.check_tasks();
  return query select * from app_hidden.check_backlog();
  return query select * from app_hidden.check_success();
  return query select * from app_hidden.check_inbox();
  return query select * from app_hidden.check_silence();
  return query select * from app_hidden.check_domains();
  return query select * from app_hidden.check_consistency();
  return query select * from app_hidden.check_database();
end;
$$;

revoke all on function ops.read_health() from public;
grant execute on function ops.read_health() to postilion_operator;
comment on function ops.read_health() is
  'How the installation is: one line for each thing looked at, with what to do where it is not as it should be.';
