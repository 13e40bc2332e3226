create or replace function app_hidden.task_hindrances(p_task app_public.tasks)
returns setof app_public.task_hindrance
language sql
stable
set search_path to pg_catalog, app_public, app_hidden, pg_temp
as $$
  select p_task.status::text, 'task', null::uuid, known.sentence, known.moves_at, known.remedy
    from (values
      ('draft', 'The Task is a draft: it was not scheduled.', null::timestamptz, 'Schedule it.'),
      ('scheduled', 'The Task waits for the time it is scheduled for.', p_task.scheduled_at, 'Schedule it for an earlier time.'),
      ('generating', format('The mails are being rendered: %s batches are left.', (
        select count(*) from app_hidden.task_recipient_batches b where b.task_id = p_task.id)), null,
       case when app_hidden.worker_is_live('other') then 'Nothing: it sends by itself once all are rendered.' else 'Start a worker: postilion work.' end),
      ('failed', case when p_task.error_code = 'quota' then p_task.error_message
                      else format('The mails could not be rendered: %s', coalesce(p_task.error_message, p_task.error_code)) end, null,
       case when p_task.error_code = 'quota' then 'Schedule the Task again when the quota suffices.'
            else 'Correct the template or the contacts, then schedule the Task again.' end),
      ('paused', 'The Task was paused.', null, 'Resume it.'),
      ('completed', 'The Task is complete.', null, 'Nothing: there is nothing left to send.'),
      ('cancelled', 'The Task was cancelled.', null, 'Nothing: a cancelled Task stays cancelled. Create another.')
    ) as known (status, sentence, moves_at, remedy)
   where known.status = p_task.status::text
  union all
  select 'over_quota', 'task', null::uuid, app_hidden.foreseen_shortfall(p_task), null::timestamptz,
         'Raise the workspace''s monthly quota, choose fewer recipients, or let the Task begin in another month.'
   where app_hidden.foreseen_shortfall(p_task) is not null
  union all
  select 'outside_window', 'task', null::uuid, 'The Task''s sending window is closed.', app_hidden.window_opens_at(p_task, app_hidden.current_time()),
         'Nothing: it goes on when the window opens. A wider window would be sooner.'
   where app_hidden.task_may_send(p_task.status)
     and app_hidden.window_opens_at(p_task, app_hidden.current_time()) > app_hidden.current_time() + interval '1 s';
$$;

revoke all on function app_hidden.task_hindrances(app_public.tasks) from public;
comment on function app_hidden.task_hindrances(app_public.tasks) is 'Why a Task may not send by its state, its workspace''s quota or its window; no row when it may.';
