create or replace function app_hidden.tg_sub_tasks__account_delete()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  insert into app_hidden.task_counter_changes
    (task_id, service_id, from_status, mails, ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed,
     ever_complained, ever_human_opened, ever_human_clicked, answers, answer_ms)
  select task_id, service_id, status, count(*), -count(sent_at), -count(delivered_at), -count(opened_at), -count(clicked_at), -count(bounced_at), -count(unsubscribed_at),
         -count(complained_at), -count(human_opened_at), -count(human_clicked_at),
         -count(round_trip_ms), -coalesce(sum(round_trip_ms::float8), 0)
    from old_rows
   group by task_id, service_id, status;
  return null;
end;
$$;

revoke all on function app_hidden.tg_sub_tasks__account_delete() from public;
comment on function app_hidden.tg_sub_tasks__account_delete() is 'Takes deleted rows out of the counters.';

create or replace trigger _800_account_delete after delete on app_public.sub_tasks
  referencing old table as old_rows
  for each statement execute function app_hidden.tg_sub_tasks__account_delete();
