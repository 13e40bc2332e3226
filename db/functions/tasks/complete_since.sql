-- Of a Task that has nothing open. From counters, to the minute and rather late than early: the rows themselves would have to be read one by one.
-- What was in doubt holds its Task open until its grace is over, so that is when such a Task became complete.
create or replace function app_hidden.complete_since(p_task_id uuid)
returns timestamptz
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select greatest(
           t.updated_at,
           (select max(m.minute) + interval '1 minute' from app_hidden.minute_counters m where m.task_id = t.id and m.sent + m.failed > 0),
           (select max(st.uncertain_at) + interval '72 hours' from app_public.sub_tasks st where st.task_id = t.id and st.phase = 'in_doubt'))
    from app_public.tasks t
   where t.id = p_task_id;
$$;

revoke all on function app_hidden.complete_since(uuid) from public;
comment on function app_hidden.complete_since(uuid) is 'Since when a Task has had nothing open, at the latest.';
