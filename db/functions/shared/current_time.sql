-- Database time decides everything, so there is one clock. A test moves it with `set postilion.clock_offset = '2 hours'`, for one session or
-- for a whole database; nothing else may.
create or replace function app_hidden.current_time()
returns timestamptz
language plpgsql
volatile
parallel safe
set search_path to pg_catalog, pg_temp
as $$
declare
  v_offset text := current_setting('postilion.clock_offset', true);
begin
  if v_offset is null or v_offset = '' then
    return clock_timestamp();
  end if;
  return clock_timestamp() + v_offset::interval;
end;
$$;

revoke all on function app_hidden.current_time() from public;
comment on function app_hidden.current_time() is 'The time by which the queue decides: the database''s, or a test''s.';
