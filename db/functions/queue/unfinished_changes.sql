-- What a bulk verb's job can miss: a row that went back to waiting just after the job had passed, in a Task cancelled meanwhile; and the
-- uncertain rows of Tasks whose policy is to send them again.
create or replace function app_private.unfinished_changes()
returns table (task_id uuid, verb text)
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select t.id, 'cancel'
    from app_public.tasks t
   where t.status = 'cancelled' and t.cancelled_at > app_hidden.current_time() - interval '1 day'
     and (select true from app_public.sub_tasks st where st.task_id = t.id and st.phase = 'waiting' order by st.lane, st.available_at, st.position limit 1)
  union all
  select t.id, 'resend_uncertain'
    from app_public.tasks t
   where t.status in ('queued', 'sending') and t.uncertain_policy = 'resend'
     and (select true from app_public.sub_tasks st where st.task_id = t.id and st.phase = 'in_doubt' order by st.task_id limit 1);
$$;

revoke all on function app_private.unfinished_changes() from public;
grant execute on function app_private.unfinished_changes() to postilion_worker;
comment on function app_private.unfinished_changes() is 'Tasks with rows that a bulk verb should still change.';
