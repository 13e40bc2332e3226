drop view if exists ops.task_status;
drop function if exists app_hidden.task_rows();

create or replace function app_hidden.task_rows()
returns table (id text, task text, state text, "left" text, doubt text, fail text, done text, ready text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  with chosen as materialized (
    (select * from app_public.tasks where status in ('queued', 'sending') order by priority desc, id limit 40)
    union all
    (select * from app_public.tasks where status not in ('queued', 'sending') order by updated_at desc limit 20)
  )
  select left(t.id::text, 8), app_hidden.clipped(t.name, 12), t.status::text,
         app_hidden.short_number(c.pending + c.allocated + c.sending), app_hidden.short_number(c.uncertain), app_hidden.short_number(c.failed),
         case when n.total = 0 then '–' else floor(100.0 * (n.total - c.pending - c.allocated - c.sending) / n.total) || ' %' end,
         case when t.status in ('queued', 'sending') then coalesce(app_hidden.span_text(app_hidden.current_time(), (app_public.forecast_task(t.id)).finishes_at), 'never') else '' end
    from chosen t
   cross join lateral app_hidden.counters_of(t.id) as c
   cross join lateral (select (app_public.tasks_states(t)).total) as n
   order by t.status in ('queued', 'sending') desc, t.priority desc, t.updated_at desc;
$$;

revoke all on function app_hidden.task_rows() from public;
grant execute on function app_hidden.task_rows() to postilion_operator;
comment on function app_hidden.task_rows() is 'What ops.task_status shows.';

create view ops.task_status as select * from app_hidden.task_rows();
grant select on ops.task_status to postilion_operator;
comment on view ops.task_status is 'Tasks under way (40 of them) and the 20 others that changed last: mails left, in doubt and failed, the share that is done, and in how long all will be handed over.';
