create or replace function app_hidden.tg_sub_tasks__account_insert()
returns trigger
language plpgsql
volatile
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
begin
  if exists (select from new_rows where status not in ('pending', 'failed')) then
    raise exception 'a sub-task begins as pending, or as failed when it can not be rendered' using errcode = 'TRANS';
  end if;
  if exists (
    select from new_rows
     where case status when 'pending' then phase <> 'waiting' or num_nonnulls(service_id, lease_expires_at) > 0
                       when 'failed' then phase <> 'failed' or num_nulls(failed_at, error_code) > 0 end) then
    raise check_violation using message = 'a sub-task lacks what its state says', constraint = 'state_has_its_times', schema = 'app_public', table = 'sub_tasks';
  end if;
  insert into app_hidden.task_counter_changes
    (task_id, to_status, mails, ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed,
     ever_complained, ever_human_opened, ever_human_clicked)
  select task_id, status, count(*), count(sent_at), count(delivered_at), count(opened_at), count(clicked_at), count(bounced_at), count(unsubscribed_at),
         count(complained_at), count(human_opened_at), count(human_clicked_at)
    from new_rows
   group by task_id, status;
  return null;
end;
$$;

revoke all on function app_hidden.tg_sub_tasks__account_insert() from public;
comment on function app_hidden.tg_sub_tasks__account_insert() is 'Refuses, with TRANS, a row that begins elsewhere than at the beginning, and, as a CHECK would, one without what its state says; appends to the counters.';

create or replace trigger _800_account_insert after insert on app_public.sub_tasks
  referencing new table as new_rows
  for each statement execute function app_hidden.tg_sub_tasks__account_insert();
