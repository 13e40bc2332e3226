create or replace function app_hidden.tg_tasks__announce()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  perform app_hidden.announce_task(new.id);
  return null;
end;
$$;

revoke all on function app_hidden.tg_tasks__announce() from public;
comment on function app_hidden.tg_tasks__announce() is 'Tells subscribers of a Task''s every change of state.';

create or replace trigger _800_announce after update of status on app_public.tasks
  for each row when (old.status is distinct from new.status) execute function app_hidden.tg_tasks__announce();
