// Mails that were sent: contacts, SubTasks and what was rendered, in bulk, then taken through the queue by its own functions.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { uuidV7 } from '../../src/tasks/uuid_v7.ts';
import { mailsPerSecond, someLoops } from '../queue/loops.ts';
import { clear } from '../support/backlog.ts';

const rowsPerStatement = 10_000;
const longestS = 3_600;

export interface Mail {
  readonly id: string;
  /** As the provider calls it. */
  readonly messageId: string;
  readonly recipient: string;
  readonly trackingId: string;
}

export const links = ['https://example.com/a', 'https://example.com/b', 'https://example.com/c'];

/** So many sent mails of one Task, to as many Contacts; whatever was in the queue is gone. */
export async function sentMails(pool: pg.Pool, count: number): Promise<Mail[]> {
  await clear(pool);
  await pool.query(
    'truncate app_public.event_logs, app_public.mail_events, app_hidden.event_keys, app_public.suppressions, app_hidden.task_counters',
  );
  await pool.query(`delete from app_public.workspaces where name = 'Events'`);
  const loops = await someLoops(pool, 4);
  const taskId = await aTaskUnderWay(pool);
  const mails: Mail[] = [];
  for (let from = 0; from < count; from += rowsPerStatement)
    mails.push(...(await insertMails(pool, taskId, from, Math.min(rowsPerStatement, count - from))));
  await pool.query('vacuum analyze app_public.sub_tasks, app_public.sub_task_mails, app_public.contacts');
  await mailsPerSecond(pool, loops, 200, longestS);
  await pool.query('vacuum analyze app_public.sub_tasks');
  return mails;
}

async function aTaskUnderWay(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `with workspace as (insert into app_public.workspaces (name) values ('Events') returning id),
          sender as (insert into app_public.senders (workspace_id, name) select id, 'news' from workspace returning id, workspace_id)
     insert into app_public.tasks (workspace_id, sender_id, name, status, scheduled_at, generation_finished_at)
     select workspace_id, id, 'Events', 'sending', now(), now() from sender
     returning id`,
  );
  const [task] = rows;
  if (task === undefined) throw new Error('no task');
  return task.id;
}

async function insertMails(pool: pg.Pool, taskId: string, from: number, count: number): Promise<Mail[]> {
  const mails = Array.from({ length: count }, (_, n) => aMail(from + n));
  await pool.query(
    `with given as (
       select id, recipient, tracking_id from unnest($2::uuid[], $3::text[], $4::text[]) as given (id, recipient, tracking_id)
     ), contact as (
       insert into app_public.contacts (workspace_id, email) select t.workspace_id, g.recipient from given g, app_public.tasks t where t.id = $1
       returning id, email
     ), mails as (
       insert into app_public.sub_task_mails
         (sub_task_id, task_id, contact_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text, link_urls)
       select g.id, $1::uuid, c.id, g.recipient, g.tracking_id, 'Subject', repeat('<p>Hello</p>', 40), 'Hello', $5::text[]
         from given g join contact c on c.email = g.recipient
     )
     insert into app_public.sub_tasks (id, task_id, status) select id, $1::uuid, 'pending' from given order by id`,
    [
      taskId,
      mails.map(({ id }) => id),
      mails.map(({ recipient }) => recipient),
      mails.map(({ trackingId }) => trackingId),
      links,
    ],
  );
  return mails;
}

// The benchmark's provider calls a mail by its id.
function aMail(number: number): Mail {
  const id = uuidV7();
  return {
    id,
    messageId: id,
    recipient: `reader${number}@example.com`,
    trackingId: randomBytes(12).toString('base64url'),
  };
}
