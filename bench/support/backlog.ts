import type pg from 'pg';

/** A Task under way with this many pending rows, inserted in bulk: the rendering is another benchmark's. @returns its id. */
export async function aBacklog(pool: pg.Pool, rows: number): Promise<string> {
  const { rows: tasks } = await pool.query<{ id: string }>(
    `with workspace as (insert into app_public.workspaces (name) values ('Backlog') returning id),
          sender as (insert into app_public.senders (workspace_id, name) select id, 'news' from workspace returning id, workspace_id)
     insert into app_public.tasks (workspace_id, sender_id, name, status, scheduled_at, generation_finished_at)
     select workspace_id, id, 'Backlog', 'sending', now(), now() from sender
     returning id`,
  );
  const taskId = tasks[0]?.id ?? '';
  await pool.query(
    `with numbers as (
       select n, ('01900000-' || lpad(to_hex(n >> 16), 4, '0') || '-7' || lpad(to_hex((n >> 4) & 4095), 3, '0') || '-8' || right(to_hex(n & 15), 1)
                  || '00-' || right(replace($1::text, '-', ''), 12))::uuid as id
         from generate_series(1, $2::integer) as n
     ), mails as (
       insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
       select id, $1::uuid, 'reader' || n || '@example.com', $1::uuid || '-' || n, 'Subject', repeat('<p>Hello</p>', 40), 'Hello' from numbers
     )
     insert into app_public.sub_tasks (id, task_id, status) select id, $1::uuid, 'pending' from numbers order by id`,
    [taskId, rows],
  );
  await pool.query('vacuum analyze app_public.sub_tasks, app_public.sub_task_mails');
  return taskId;
}

/** Has all pending rows of a Task wait for an hour. */
export async function parkForLater(pool: pg.Pool, taskId: string): Promise<void> {
  await pool.query(
    `update app_public.sub_tasks set available_at = now() + interval '1 hour' where task_id = $1 and status = 'pending'`,
    [taskId],
  );
  await pool.query('vacuum analyze app_public.sub_tasks, app_public.sub_task_mails');
}
