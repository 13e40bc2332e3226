-- Numbers come from the counters; rows are read in the order of an index and boundedly. The address of every waiting row is compared with
-- the suppressions only when there are at most 100: of more, each claim cancels what it finds suppressed and goes on at once.
-- Of uncertain rows at most 1,000 are read: with more of them the end of their grace may be told too early.
-- In a Task that may send, only a suppressed row is ever cancelled.
create or replace function app_hidden.recipient_hindrances(p_task app_public.tasks, p_now timestamptz)
returns setof app_public.task_hindrance
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_count app_hidden.task_counters := app_hidden.counters_of(p_task.id);
  v_next timestamptz := app_hidden.first_waiting(p_task.id, app_hidden.all_lanes());
  v_uncertain_at timestamptz;
  v_reached boolean := v_count.ever_sent > 0 or v_count.sending > 0;
begin
  if v_next > p_now then
    return query select 'retrying', 'recipients', null::uuid, format('All %s remaining mails were refused for now and wait for another try.', v_count.pending),
      v_next, 'Nothing: each is tried again by itself. The provider''s answers say why.';
  elsif v_next is not null and v_count.pending <= 100 and app_hidden.all_suppressed(p_task) then
    return query select 'suppressed', 'recipients', null::uuid, format('All %s remaining addresses are suppressed.', v_count.pending),
      null::timestamptz, 'Nothing: an address that is suppressed gets no mail.';
  elsif v_next is null and v_count.uncertain > 0 and p_task.status <> 'completed' then
    select max(uncertain_at) into v_uncertain_at
      from (select uncertain_at from app_public.sub_tasks where task_id = p_task.id and phase = 'in_doubt' order by task_id limit 1000) as uncertain;
    return query select 'uncertain', 'recipients', null::uuid,
      format('Nothing is left but %s mails of which nobody knows whether the provider took them.', v_count.uncertain),
      v_uncertain_at + interval '72 hours', 'Nothing where the provider''s record can be asked; elsewhere look there and settle them. After 72 hours without word the Task completes as it is.';
  elsif v_next is null and not v_reached and v_count.cancelled > 0 then
    return query select 'suppressed', 'recipients', null::uuid, format('All %s addresses are suppressed.', v_count.cancelled),
      null::timestamptz, 'Nothing: an address that is suppressed gets no mail.';
  elsif v_next is null and not v_reached and v_count.failed = 0 then
    return query select 'no_recipients', 'recipients', null::uuid, 'No Contact matched when the Task began.',
      null::timestamptz, 'Look at its recipient rule and tags, and create another Task.';
  elsif v_next is null and v_count.allocated + v_count.sending = 0 and p_task.status <> 'completed' then
    return query select 'finishing', 'recipients', null::uuid, 'Every mail is settled; the Task is about to complete.',
      null::timestamptz, 'Nothing: it completes within a minute while a worker runs.';
  end if;
end;
$$;

revoke all on function app_hidden.recipient_hindrances(app_public.tasks, timestamptz) from public;
comment on function app_hidden.recipient_hindrances(app_public.tasks, timestamptz) is
  'Why a Task that may send has no row to be claimed at this moment, or a completed one reached nobody; no row when neither is so.';
