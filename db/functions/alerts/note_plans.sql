-- A campaign has no deadline of its own. What was foreseen when it began is what people were told.
create or replace function app_hidden.note_plans()
returns void
language sql
volatile
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  insert into app_hidden.task_plans (task_id, noted_at, until)
  select f.id, n.at,
         case when f.finishes_at <= w.closes_at then w.closes_at
              else coalesce(f.finishes_at + (f.finishes_at - n.at) * 0.1, n.at + interval '24 hours') end
    from app_hidden.foreseen_tasks() as f
    join app_public.tasks t on t.id = f.id
   cross join app_hidden.current_time() as n (at)
   cross join lateral (select app_hidden.window_closes_at(t, n.at)) as w (closes_at)
   where not exists (select from app_hidden.task_plans p where p.task_id = f.id)
   order by f.id
  on conflict do nothing;
$$;

revoke all on function app_hidden.note_plans() from public;
comment on function app_hidden.note_plans() is
  'Notes, of Tasks that are first seen under way, until when they are to be done: the end of their sending window where they fit into it, else what is foreseen and a tenth; a day where nothing can be foreseen.';
