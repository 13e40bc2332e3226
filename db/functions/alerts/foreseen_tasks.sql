create or replace function app_hidden.foreseen_tasks()
returns table (id uuid, workspace_id uuid, name text, waits bigint, finishes_at timestamptz, limiting text)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with chosen as materialized (
    select t.* from app_public.tasks t where t.status in ('queued', 'sending') and not t.is_test order by t.priority desc, t.id limit 50
  )
  select c.id, c.workspace_id, c.name, f."left"::bigint, f.finishes_at, f.limiting
    from chosen c cross join lateral app_public.forecast_task(c.id) as f
   where f."left" > 0;
$$;

revoke all on function app_hidden.foreseen_tasks() from public;
comment on function app_hidden.foreseen_tasks() is 'When the Tasks under way will be done; those served first, 50 of them.';
