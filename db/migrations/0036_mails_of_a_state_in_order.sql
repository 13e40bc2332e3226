-- A page of a rare state's mails is the newest fifty of them. The indexes told the Task alone, so that all were read, each from a page of the table of its
-- own, and sorted: of 400 bounces as many pages. Now they have them in order. None is written by a mail on its usual way.
drop index app_public.sub_tasks_clicked, app_public.sub_tasks_bounced, app_public.sub_tasks_cancelled, app_public.sub_tasks_in_doubt,
  app_public.sub_tasks_failed;
create index sub_tasks_clicked on app_public.sub_tasks (task_id, id) where clicked_at is not null;
create index sub_tasks_bounced on app_public.sub_tasks (task_id, id) where bounced_at is not null;
create index sub_tasks_cancelled on app_public.sub_tasks (task_id, id) where cancelled_at is not null;
create index sub_tasks_in_doubt on app_public.sub_tasks (task_id, id) where phase = 'in_doubt';
create index sub_tasks_failed on app_public.sub_tasks (task_id, error_code, id) where phase = 'failed';
