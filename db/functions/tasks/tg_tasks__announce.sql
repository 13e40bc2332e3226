-- The count is written by whoever holds the Task, so nobody waits for it who would not wait for the Task.
create or replace function app_hidden.tg_tasks__announce()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  insert into app_hidden.task_revisions as known (task_id, revision) values (new.id, 1)
    on conflict (task_id) do update set revision = known.revision + 1;
  perform app_hidden.announce_task(new.id);
  return null;
end;
$$;

revoke all on function app_hidden.tg_tasks__announce() from public;
comment on function app_hidden.tg_tasks__announce() is 'Counts a Task''s every change of state, and tells subscribers.';

create or replace trigger _800_announce after update of status on app_public.tasks
  for each row when (old.status is distinct from new.status) execute function app_hidden.tg_tasks__announce();
