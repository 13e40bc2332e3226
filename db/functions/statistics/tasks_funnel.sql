create or replace function app_public.tasks_funnel(p_task app_public.tasks)
returns app_public.task_funnel
language sql
stable
security definer
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select row(ever_sent, ever_delivered, ever_opened, ever_clicked, ever_bounced, ever_unsubscribed, ever_complained, ever_human_opened,
             ever_human_clicked)::app_public.task_funnel
    from app_hidden.counters_of(p_task.id)
   where app_hidden.may_see_task(p_task.id);
$$;

revoke all on function app_public.tasks_funnel(app_public.tasks) from public;
grant execute on function app_public.tasks_funnel(app_public.tasks) to postilion_user, postilion_admin;
comment on function app_public.tasks_funnel(app_public.tasks) is 'How many of the Task''s SubTasks were ever sent, delivered, opened, clicked, bounced, unsubscribed and complained of, and how many of the opens and clicks were a person''s.';
