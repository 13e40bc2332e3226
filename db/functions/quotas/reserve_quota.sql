-- The usage row is the last lock of all (step 6), and two Tasks that begin at once meet here: the second sees what the first has left. It is
-- locked in a statement of its own, so that the next one sees what was committed meanwhile.
create or replace function app_hidden.reserve_quota(p_task app_public.tasks)
returns text
language plpgsql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
declare
  v_month date := app_hidden.quota_month(app_hidden.current_time());
  v_needed integer := app_hidden.mails_needed(p_task.id);
  v_shortfall text;
begin
  insert into app_hidden.workspace_usage (workspace_id, month, reserved) values (p_task.workspace_id, v_month, 0) on conflict do nothing;
  perform from app_hidden.workspace_usage where workspace_id = p_task.workspace_id and month = v_month for no key update;
  v_shortfall := app_hidden.quota_shortfall(p_task.workspace_id, v_month, v_needed);
  if v_shortfall is not null then
    return v_shortfall;
  end if;
  update app_hidden.workspace_usage set reserved = reserved + v_needed where workspace_id = p_task.workspace_id and month = v_month;
  insert into app_hidden.task_reservations (task_id, workspace_id, month, reserved)
  values (p_task.id, p_task.workspace_id, v_month, v_needed)
  on conflict (task_id) do update set month = excluded.month, reserved = excluded.reserved, is_open = true;
  return null;
end;
$$;

revoke all on function app_hidden.reserve_quota(app_public.tasks) from public;
comment on function app_hidden.reserve_quota(app_public.tasks) is
  'Reserves a locked Task''s mails, whose snapshot is taken, from its workspace''s quota of this month. Answers why not, in a sentence; null: it is done.';
