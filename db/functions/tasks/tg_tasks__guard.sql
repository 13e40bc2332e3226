-- The last of three guards (enum, CHECK, transition): it also stands before a hand in psql.
create or replace function app_hidden.tg_tasks__guard()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  if not exists (select from app_hidden.task_transitions t where t.from_status = old.status and t.to_status = new.status) then
    raise exception 'taskId: a task can not go from % to %', old.status, new.status
      using errcode = 'TRANS', detail = format('task %s', new.id);
  end if;
  return new;
end;
$$;

revoke all on function app_hidden.tg_tasks__guard() from public;
comment on function app_hidden.tg_tasks__guard() is 'Refuses, with TRANS, a change of a Task''s status that app_hidden.task_transitions does not list.';

create or replace trigger _200_guard before update of status on app_public.tasks
  for each row when (old.status is distinct from new.status) execute function app_hidden.tg_tasks__guard();
