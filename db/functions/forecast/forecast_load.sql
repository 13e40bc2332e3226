create or replace function app_hidden.forecast_load(p_task app_public.tasks)
returns table (recipients integer, mails integer)
language plpgsql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_batched bigint := (
    select coalesce(sum(cardinality(b.contact_ids)), 0) from app_hidden.task_recipient_batches b where b.task_id = p_task.id);
  v_count app_hidden.task_counters := app_hidden.counters_of(p_task.id);
begin
  if p_task.generation_started_at is null or p_task.status in ('draft', 'scheduled', 'failed') then
    recipients := (select count(*) from app_hidden.recipients(p_task));
    mails := recipients;
  else
    recipients := (select s.total from app_public.tasks_states(p_task) as s) + v_batched;
    mails := v_count.pending + v_count.allocated + v_count.sending + v_batched;
  end if;
  if p_task.status = 'cancelled' then
    mails := 0;
  end if;
  return next;
end;
$$;

revoke all on function app_hidden.forecast_load(app_public.tasks) from public;
comment on function app_hidden.forecast_load(app_public.tasks) is
  'How many recipients a Task has, or would have if it began now, and how many mails are still to be handed over.';
