create or replace function app_hidden.plan_tasks(p_task_id uuid default null)
returns setof app_hidden.repair_step
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select 'tasks', t.id::text, app_hidden.clipped(t.name, 40), 1::bigint, format('is %s, and nothing of it is open any more. The repair completes it.', t.status)
    from app_public.tasks t
   where t.status in ('queued', 'sending') and (p_task_id is null or t.id = p_task_id) and not app_hidden.task_is_open(t.id)
   order by t.id;
$$;

revoke all on function app_hidden.plan_tasks(uuid) from public;
comment on function app_hidden.plan_tasks(uuid) is 'Tasks that are complete in fact and not in name.';
