-- In two statements, whatever their number: as cascades they would go one by one, each with the accounting of a statement.
create or replace function app_hidden.tg_tasks__take_mails_along()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, pg_temp
as $$
begin
  delete from app_public.sub_tasks where id in (select m.sub_task_id from app_public.sub_task_mails m where m.task_id = old.id);
  delete from app_public.sub_task_mails where task_id = old.id;
  return old;
end;
$$;

revoke all on function app_hidden.tg_tasks__take_mails_along() from public;
comment on function app_hidden.tg_tasks__take_mails_along() is 'Deletes the mails of a Task that is deleted.';

create or replace trigger _500_take_mails_along before delete on app_public.tasks
  for each row execute function app_hidden.tg_tasks__take_mails_along();
