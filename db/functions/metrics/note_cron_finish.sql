create or replace function app_private.note_cron_finish(p_handler text)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
  insert into app_hidden.cron_finishes as known (handler, finished_at) values (p_handler, app_hidden.current_time())
  on conflict (handler) do update set finished_at = greatest(known.finished_at, excluded.finished_at);
$$;

revoke all on function app_private.note_cron_finish(text) from public;
grant execute on function app_private.note_cron_finish(text) to postilion_worker;
comment on function app_private.note_cron_finish(text) is 'Says that a handler of the crontab finished just now.';
