-- Rows bear the time they were written, and are seen from their commit on: an hour may be closed only when no transaction that could still
-- bring a row of it is running. So a while after its end the next transaction's number is noted, and the hour waits until all below it have
-- ended. Times of the clock can't tell that, and pg_stat_activity not to every owner. After a restore into another server the numbers begin
-- anew, and so does the wait.
create or replace function app_private.roll_up_hour()
returns text
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_now timestamptz := app_hidden.current_time();
  v_running pg_snapshot := pg_current_snapshot();
  v_progress app_hidden.roll_up_progress;
  v_ends_at timestamptz;
begin
  perform app_hidden.commit_lazily();
  select * into v_progress from app_hidden.roll_up_progress for no key update skip locked;
  v_ends_at := v_progress.rolled_until + interval '1 hour';
  if not found or v_now < v_ends_at + interval '1 minute' then
    return 'up_to_date';
  end if;
  if v_progress.barrier is null or v_progress.barrier_at < v_ends_at + interval '1 minute' or v_progress.barrier > pg_snapshot_xmax(v_running) then
    update app_hidden.roll_up_progress set barrier = pg_snapshot_xmax(v_running), barrier_at = v_now;
    return 'waiting';
  end if;
  if pg_snapshot_xmin(v_running) < v_progress.barrier then
    return 'waiting';
  end if;
  perform app_hidden.roll_up(v_progress.rolled_until);
  delete from app_hidden.click_verdicts where recorded_at < v_ends_at;
  delete from app_hidden.minute_counters where minute < v_ends_at - interval '2 days';
  update app_hidden.roll_up_progress set rolled_until = v_ends_at;
  return 'rolled_up';
end;
$$;

revoke all on function app_private.roll_up_hour() from public;
grant execute on function app_private.roll_up_hour() to postilion_worker;
comment on function app_private.roll_up_hour() is
  'Closes the next hour of hourly_statistics: rolled_up (there may be more), waiting (for transactions that may still bring a row of it; ask again) or up_to_date.';
