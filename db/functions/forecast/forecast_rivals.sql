-- Of a Task that may also use services which ours may not, only the part counts that its share of our services has to carry.
create or replace function app_hidden.forecast_rivals(p_task app_public.tasks, p_paces app_hidden.service_pace[])
returns table (workspace_id uuid, is_ahead boolean, mails double precision)
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select t.workspace_id, t.priority > p_task.priority, ours.part * (counted.pending + counted.allocated + counted.sending)
    from app_public.tasks t
   cross join lateral app_hidden.counters_of(t.id) as counted
   cross join lateral (
     select sum(pace.mails_per_ms) filter (where app_hidden.service_may_send(s, p_task)) / sum(pace.mails_per_ms)
       from unnest(p_paces) as pace
       join app_public.email_services s on s.id = pace.email_service_id
      where app_hidden.service_may_send(s, t)
   ) as ours (part)
   where t.status in ('queued', 'sending') and t.id <> p_task.id and t.priority >= p_task.priority and ours.part > 0;
$$;

revoke all on function app_hidden.forecast_rivals(app_public.tasks, app_hidden.service_pace[]) from public;
comment on function app_hidden.forecast_rivals(app_public.tasks, app_hidden.service_pace[]) is
  'The mails of other Tasks, of higher or equal priority, that the services of a Task have to send too.';
