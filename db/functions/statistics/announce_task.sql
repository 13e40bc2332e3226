-- Carries no numbers: a subscriber reads the statistics as of its own snapshot, under its own rights.
create or replace function app_hidden.announce_task(p_task_id uuid)
returns void
language sql
volatile
set search_path to pg_catalog, pg_temp
as $$
  select pg_notify('task:' || p_task_id, json_build_object('taskId', p_task_id, 'at', clock_timestamp())::text);
$$;

revoke all on function app_hidden.announce_task(uuid) from public;
comment on function app_hidden.announce_task(uuid) is 'Tells subscribers that a Task''s numbers or state changed.';
