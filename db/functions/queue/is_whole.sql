-- The second of three guards (enum, CHECK, transition): a state goes with its times. One function instead of eleven constraints, since each
-- statement reads the text of each constraint anew: an update of one row took 74 µs instead of 40.
create or replace function app_hidden.is_whole(p_sub_task app_public.sub_tasks)
returns boolean
language plpgsql
immutable
set search_path to pg_catalog, pg_temp
as $$
begin
  return case p_sub_task.status
    when 'pending' then p_sub_task.service_id is null and p_sub_task.lease_expires_at is null
    when 'allocated' then p_sub_task.service_id is not null and p_sub_task.claim_token is not null and p_sub_task.lease_expires_at is not null
                          and p_sub_task.scheduled_at is not null
    when 'sending' then p_sub_task.service_id is not null and p_sub_task.claim_token is not null and p_sub_task.lease_expires_at is not null
                        and p_sub_task.handed_over_at is not null
    when 'sent' then p_sub_task.sent_at is not null
    when 'delivered' then p_sub_task.sent_at is not null and p_sub_task.delivered_at is not null
    when 'opened' then p_sub_task.sent_at is not null and p_sub_task.opened_at is not null
    when 'clicked' then p_sub_task.sent_at is not null and p_sub_task.clicked_at is not null
    when 'bounced' then p_sub_task.sent_at is not null and p_sub_task.bounced_at is not null and p_sub_task.bounce_is_soft is not null
    when 'failed' then p_sub_task.failed_at is not null and p_sub_task.error_code is not null
    when 'cancelled' then p_sub_task.cancelled_at is not null
    when 'uncertain' then p_sub_task.uncertain_at is not null and p_sub_task.handed_over_at is not null
  end;
end;
$$;

revoke all on function app_hidden.is_whole(app_public.sub_tasks) from public;
comment on function app_hidden.is_whole(app_public.sub_tasks) is 'Whether a SubTask has what its state says: a pending one is free, a claimed one has its lease, a sent one its time.';

do $$
begin
  if not exists (select from pg_catalog.pg_constraint where conrelid = 'app_public.sub_tasks'::regclass and conname = 'state_has_its_times') then
    alter table app_public.sub_tasks add constraint state_has_its_times check (app_hidden.is_whole(sub_tasks)) not valid;
  end if;
end;
$$;
