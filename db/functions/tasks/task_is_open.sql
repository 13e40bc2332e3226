create or replace function app_hidden.task_is_open(p_task_id uuid)
returns boolean
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select exists (select from app_public.sub_tasks where task_id = p_task_id and status = 'pending')
      or exists (select from app_public.sub_tasks where task_id = p_task_id and status in ('allocated', 'sending'))
      or exists (
        select from app_public.sub_tasks
         where task_id = p_task_id and status = 'uncertain' and uncertain_at > app_hidden.current_time() - interval '72 hours'
      );
$$;

revoke all on function app_hidden.task_is_open(uuid) from public;
comment on function app_hidden.task_is_open(uuid) is
  'Whether a Task still has rows to send, under way, or uncertain for less than 72 hours.';
