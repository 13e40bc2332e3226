-- Workspaces take turns, then the Tasks of each. So by the time our Task has its last mail sent, each Task of its own workspace has had as
-- many sent as ours (or all it has), and each other workspace as many as ours altogether. What goes before our Task begins (p_before) is
-- taken from those of higher priority, then from the equals.
create or replace function app_hidden.forecast_work(
  p_task app_public.tasks, p_paces app_hidden.service_pace[], p_mails integer, p_before double precision
)
returns table (ahead double precision, shared double precision)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with sums as (
    select r.*, coalesce(sum(r.mails) filter (where r.is_ahead) over (), 0) as first, sum(r.mails) filter (where not r.is_ahead) over () as equal
      from app_hidden.forecast_rivals(p_task, p_paces) as r
  ), equals as (
    select workspace_id, mails * greatest(1 - greatest(p_before - first, 0) / nullif(equal, 0), 0) as mails from sums where not is_ahead
  ), own as (
    select p_mails + coalesce(sum(least(mails, p_mails)), 0) as mails from equals where workspace_id = p_task.workspace_id
  ), others as (
    select sum(mails) as mails from equals where workspace_id <> p_task.workspace_id group by workspace_id
  )
  select greatest(coalesce((select max(first) from sums), 0) - p_before, 0),
         own.mails + coalesce((select sum(least(others.mails, own.mails)) from others), 0)
    from own;
$$;

revoke all on function app_hidden.forecast_work(app_public.tasks, app_hidden.service_pace[], integer, double precision) from public;
comment on function app_hidden.forecast_work(app_public.tasks, app_hidden.service_pace[], integer, double precision) is
  'How many mails go before the first of a Task, and how many more, its own among them, until its last.';
