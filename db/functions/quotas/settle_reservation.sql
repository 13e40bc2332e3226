-- Computed anew from the counters each time, so it may run whenever and as often as anyone likes; the difference goes back to the month that
-- it was taken from. The caller holds the Task, which is over: nothing is added to it, so what it keeps only becomes less. Whether rows are open
-- is asked first, in a statement of its own: what has ended by then is in the counters afterwards.
create or replace function app_hidden.settle_reservation(p_task_id uuid)
returns void
language plpgsql
volatile
set search_path to pg_catalog, app_hidden, pg_temp
as $$
declare
  v_held app_hidden.task_reservations;
  v_kept integer;
  v_is_open boolean;
begin
  select * into v_held from app_hidden.task_reservations where task_id = p_task_id for no key update;
  if not found then
    return;
  end if;
  v_is_open := app_hidden.task_is_open(p_task_id);
  v_kept := least(app_hidden.mails_kept(p_task_id), v_held.reserved);
  if (v_kept, v_is_open) = (v_held.reserved, v_held.is_open) then
    return;
  end if;
  update app_hidden.task_reservations set reserved = v_kept, is_open = v_is_open where task_id = p_task_id;
  update app_hidden.workspace_usage set reserved = reserved - (v_held.reserved - v_kept)
   where workspace_id = v_held.workspace_id and month = v_held.month and v_kept < v_held.reserved;
end;
$$;

revoke all on function app_hidden.settle_reservation(uuid) from public;
comment on function app_hidden.settle_reservation(uuid) is
  'Gives back what a locked Task that was cancelled, completed or failed holds of its workspace''s quota for mails that are never sent.';
