create or replace function app_hidden.foreseen_shortfall(p_task app_public.tasks)
returns text
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select app_hidden.quota_shortfall(
           w.id,
           app_hidden.quota_month(greatest(app_hidden.current_time(), case when p_task.status = 'scheduled' then p_task.scheduled_at end)),
           (select count(*) from app_hidden.recipients(p_task))::integer)
    from app_public.workspaces w
   where w.id = p_task.workspace_id and w.monthly_quota is not null and p_task.status in ('draft', 'scheduled', 'failed');
$$;

revoke all on function app_hidden.foreseen_shortfall(app_public.tasks) from public;
comment on function app_hidden.foreseen_shortfall(app_public.tasks) is
  'Why a Task that has not begun would fail for its workspace''s quota, begun when it is scheduled for, or now; null when it would not. Recipients are counted only where there is a quota.';
