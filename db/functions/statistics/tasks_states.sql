create or replace function app_public.tasks_states(p_task app_public.tasks)
returns app_public.task_states
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select row(
           pending + allocated + sending + sent + delivered + opened + clicked + bounced + failed + cancelled + uncertain,
           pending, allocated, sending, sent, delivered, opened, clicked, bounced, failed, cancelled, uncertain
         )::app_public.task_states
    from app_hidden.counters_of(p_task.id)
   where app_hidden.may_see_task(p_task.id);
$$;

revoke all on function app_public.tasks_states(app_public.tasks) from public;
grant execute on function app_public.tasks_states(app_public.tasks) to postilion_user, postilion_admin;
comment on function app_public.tasks_states(app_public.tasks) is 'How many of the Task''s SubTasks are in each state.';
