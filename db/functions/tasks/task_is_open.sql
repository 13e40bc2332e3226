-- Scalar subqueries, the first in the order of its index: `exists` let the planner scan the whole table (17,000 buffers for each open Task).
create or replace function app_hidden.task_is_open(p_task_id uuid)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select coalesce(
    (select true from app_public.sub_tasks where task_id = p_task_id and phase = 'waiting' order by lane, available_at, position limit 1),
    (select true from app_public.sub_tasks where task_id = p_task_id and phase = 'under_way' limit 1),
    (select true from app_public.sub_tasks
      where task_id = p_task_id and phase = 'in_doubt' and uncertain_at > app_hidden.current_time() - interval '72 hours'
      order by task_id limit 1),
    false);
$$;

revoke all on function app_hidden.task_is_open(uuid) from public;
comment on function app_hidden.task_is_open(uuid) is
  'Whether a Task still has rows to send, under way, or uncertain for less than 72 hours.';
