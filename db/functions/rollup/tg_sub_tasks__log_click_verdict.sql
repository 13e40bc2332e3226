-- Only judge_clicks writes this column: no other statement comes here.
create or replace function app_hidden.tg_sub_tasks__log_click_verdict()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_hidden, pg_temp
as $$
begin
  insert into app_hidden.click_verdicts (sub_task_id, task_id, service_id, by_person)
  values (new.id, new.task_id, new.service_id, new.human_clicked_at is not null);
  return null;
end;
$$;

revoke all on function app_hidden.tg_sub_tasks__log_click_verdict() from public;
comment on function app_hidden.tg_sub_tasks__log_click_verdict() is 'Notes that a mail began, or ceased, to count as clicked in by a person.';

create or replace trigger _810_log_click_verdict after update of human_clicked_at on app_public.sub_tasks
  for each row when ((old.human_clicked_at is null) <> (new.human_clicked_at is null))
  execute function app_hidden.tg_sub_tasks__log_click_verdict();
