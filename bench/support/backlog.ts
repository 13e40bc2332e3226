// The one place that puts rows into the queue without rendering them, and takes all away again.
import type pg from 'pg';
import { uuidV7 } from '../../src/tasks/uuid_v7.ts';
import { checkpoint } from './wal.ts';

const rowsPerStatement = 10_000;

/** A Task under way with this many pending rows, inserted in bulk: the rendering is another benchmark's. @returns its id. */
export async function aBacklog(pool: pg.Pool, rows: number): Promise<string> {
  const taskId = await aGeneratingTask(pool);
  for (let from = 0; from < rows; from += rowsPerStatement)
    await insertRows(pool, taskId, from, Math.min(rowsPerStatement, rows - from));
  // Only now: a worker beside it would complete a Task under way that has no rows yet.
  await pool.query(`update app_public.tasks set status = 'queued', generation_finished_at = now() where id = $1`, [
    taskId,
  ]);
  await pool.query(`update app_public.tasks set status = 'sending' where id = $1`, [taskId]);
  await pool.query('vacuum analyze app_public.sub_tasks, app_public.sub_task_mails');
  return taskId;
}

async function aGeneratingTask(pool: pg.Pool): Promise<string> {
  const { rows: tasks } = await pool.query<{ id: string }>(
    `with workspace as (insert into app_public.workspaces (name) values ('Backlog') returning id),
          sender as (insert into app_public.senders (workspace_id, name) select id, 'news' from workspace returning id, workspace_id)
     insert into app_public.tasks (workspace_id, sender_id, name, status, scheduled_at, generation_started_at)
     select workspace_id, id, 'Backlog', 'generating', now(), now() from sender
     returning id`,
  );
  const [task] = tasks;
  if (task === undefined) throw new Error('no task');
  return task.id;
}

// Ids from the generator of real rows: ordered in time, they lie together in every index. At random they would not.
async function insertRows(pool: pg.Pool, taskId: string, from: number, count: number): Promise<void> {
  await pool.query(
    `with numbered as (
       select id, $3::integer + place as n from unnest($2::uuid[]) with ordinality as ids (id, place)
     ), mails as (
       insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
       select id, $1::uuid, 'reader' || n || '@example.com', $1::uuid || '-' || n, 'Subject', repeat('<p>Hello</p>', 40), 'Hello' from numbered
     )
     insert into app_public.sub_tasks (id, task_id, status) select id, $1::uuid, 'pending' from numbered order by id`,
    [taskId, Array.from({ length: count }, uuidV7), from],
  );
}

/** Has all pending rows of a Task wait for an hour. */
export async function parkForLater(pool: pg.Pool, taskId: string): Promise<void> {
  await pool.query(
    `update app_public.sub_tasks set available_at = now() + interval '1 hour' where task_id = $1 and status = 'pending'`,
    [taskId],
  );
  await pool.query('vacuum analyze app_public.sub_tasks, app_public.sub_task_mails');
}

/**
 * Empties the queue: no Task, no row, no service, no job; and no checkpoint due. One comes of every 2 GB of WAL, by chance within the ten seconds of whatever is
 * measured then, of which it took a third; the run through the worker is long enough to have its share of them.
 */
export async function clear(pool: pg.Pool): Promise<void> {
  await pool.query('select graphile_worker.complete_jobs(array(select id from graphile_worker.jobs))');
  await pool.query(
    `truncate app_public.sub_tasks, app_public.sub_task_mails, app_hidden.erased_mails, app_hidden.sub_task_changes,
              app_hidden.task_counter_changes, app_hidden.task_service_counters, app_hidden.minute_counters`,
  );
  await pool.query('delete from app_public.tasks');
  await pool.query('delete from app_public.email_services');
  await checkpoint(pool);
}
