-- What can't be read won't get better by waiting: it is parked at once, with its error. What could not be applied is tried again, ever later.
create or replace function app_private.fail_event(p_id bigint, p_error text, p_is_final boolean)
returns void
language sql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  update app_public.event_logs
     set attempts = attempts + 1,
         error = left(p_error, 1000),
         processed_at = case when p_is_final or attempts >= 9 then app_hidden.current_time() end,
         next_attempt_at = app_hidden.current_time() + least(2 ^ attempts, 3600) * interval '1 s'
   where id = p_id;
$$;

revoke all on function app_private.fail_event(bigint, text, boolean) from public;
grant execute on function app_private.fail_event(bigint, text, boolean) to postilion_worker;
comment on function app_private.fail_event(bigint, text, boolean) is
  'Keeps the error of a webhook body. It is tried again after 1 s, 2 s, 4 s and so on, ten times; or, when final, never.';
