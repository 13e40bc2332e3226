// An installation in use: services, a workspace with its Contacts, and Tasks whose SubTasks stand in every state.
import type pg from 'pg';
import { uuidV7 } from '../../src/tasks/uuid_v7.ts';
import { aService } from '../../test/support/scene.ts';
import { clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';

export interface Installation {
  readonly workspaceId: string;
  readonly taskIds: readonly string[];
  readonly contacts: number;
}

export interface Size {
  readonly tasks: number;
  readonly subTasksPerTask: number;
  readonly contacts: number;
}

const services = 5;
const rowsPerStatement = 10_000;

export async function anInstallation(pool: pg.Pool, size: Size): Promise<Installation> {
  await clear(pool);
  const workspaceId = await aWorkspace(pool);
  say(`${size.contacts} contacts`);
  await inserted(size.contacts, (from, count) => insertContacts(pool, workspaceId, from, count));
  const serviceIds: string[] = [];
  for (let n = 0; n < services; n += 1) serviceIds.push(await aService(pool, { name: `service ${n}`, intervalMs: 0 }));
  say(`${size.tasks} tasks of ${size.subTasksPerTask} sub-tasks`);
  const taskIds: string[] = [];
  for (let n = 0; n < size.tasks; n += 1) taskIds.push(await aTask(pool, workspaceId, serviceIds, n, size));
  await settle(pool);
  return { workspaceId, taskIds, contacts: size.contacts };
}

/** One Task more, of so many SubTasks. @returns its id */
export async function aTaskOf(
  pool: pg.Pool,
  { workspaceId, contacts }: Installation,
  subTasks: number,
): Promise<string> {
  say(`a task of ${subTasks} sub-tasks`);
  const { rows } = await pool.query<{ id: string }>('select id from app_public.email_services order by name');
  const ids = rows.map(({ id }) => id);
  const taskId = await aTask(pool, workspaceId, ids, 1_000, { tasks: 1, subTasksPerTask: subTasks, contacts });
  await settle(pool);
  return taskId;
}

async function settle(pool: pg.Pool): Promise<void> {
  while ((await foldedRows(pool)) > 0);
  await pool.query('vacuum analyze');
}

async function foldedRows(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select app_private.fold_counters() as count');
  return rows[0]?.count ?? 0;
}

async function inserted(total: number, insert: (from: number, count: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < total; from += rowsPerStatement)
    await insert(from, Math.min(rowsPerStatement, total - from));
}

async function aWorkspace(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `with workspace as (insert into app_public.workspaces (name) values ('In use') returning id)
     insert into app_public.senders (workspace_id, name) select id, 'news' from workspace returning workspace_id as id`,
  );
  const [workspace] = rows;
  if (workspace === undefined) throw new Error('no workspace');
  return workspace.id;
}

async function insertContacts(pool: pg.Pool, workspaceId: string, from: number, count: number): Promise<void> {
  await pool.query(
    `insert into app_public.contacts (workspace_id, email, name, tags)
     select $1, 'reader' || n || '@example.com', 'Reader ' || n, array['tag' || n % 10] from generate_series($2::integer, $2 + $3 - 1) as n`,
    [workspaceId, from, count],
  );
}

async function aTask(
  pool: pg.Pool,
  workspaceId: string,
  serviceIds: readonly string[],
  number: number,
  { subTasksPerTask, contacts }: Size,
): Promise<string> {
  const { rows } = await pool.query<{ id: string }>(
    `insert into app_public.tasks (workspace_id, sender_id, name, status, scheduled_at, generation_started_at, generation_finished_at)
     select $1, s.id, 'Task ' || $2::integer, 'paused', now() - make_interval(hours => $2), now() - make_interval(hours => $2), now() - make_interval(hours => $2)
       from app_public.senders s where s.workspace_id = $1
     returning id`,
    [workspaceId, number],
  );
  const [task] = rows;
  if (task === undefined) throw new Error('no task');
  const first = contacts === 0 ? 0 : (number * subTasksPerTask) % contacts;
  await inserted(subTasksPerTask, (from, count) => insertSubTasks(pool, task.id, serviceIds, first, from, count));
  return task.id;
}

// Along the allowed moves, so that counters and ledger come from where they always come from. Of a hundred 5 wait, 20 are sent, 35 delivered,
// 20 opened, 10 clicked, 4 bounced, 3 failed, 2 cancelled and 1 in doubt.
const moves = [
  `set status = 'cancelled', phase = 'over', cancelled_at = now() where share in (97, 98)`,
  `set status = 'sending', phase = 'under_way', service_id = service, claim_token = service, lease_expires_at = now(), scheduled_at = at, handed_over_at = at,
       sender_email = 'news@example.com' where share between 5 and 96 or share = 99`,
  `set status = 'failed', phase = 'failed', failed_at = at, error_code = 'refused' where share between 94 and 96`,
  `set status = 'uncertain', phase = 'in_doubt', uncertain_at = at where share = 99`,
  `set status = 'sent', phase = 'over', sent_at = at, round_trip_ms = 40, message_id = st.id::text where share between 5 and 93`,
  `set status = 'delivered', delivered_at = at where share between 25 and 59`,
  `set status = 'opened', delivered_at = at, opened_at = at, open_count = 1, human_opened_at = case when share % 2 = 0 then at end where share between 60 and 79`,
  `set status = 'clicked', delivered_at = at, opened_at = at, clicked_at = at, open_count = 1, click_count = 1, human_clicked_at = at where share between 80 and 89`,
  `set status = 'bounced', bounced_at = at, bounce_is_soft = false where share between 90 and 93`,
];

async function insertSubTasks(
  pool: pg.Pool,
  taskId: string,
  serviceIds: readonly string[],
  first: number,
  from: number,
  count: number,
): Promise<void> {
  const ids = Array.from({ length: count }, uuidV7);
  await pool.query(
    `with numbered as (select id, $3::integer + place as n from unnest($2::uuid[]) with ordinality as ids (id, place)), mails as (
       insert into app_public.sub_task_mails
         (sub_task_id, task_id, contact_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
       select m.id, $1::uuid, c.id, 'reader' || m.n || '@example.com', m.id::text, 'Subject', repeat('<p>Hello</p>', 40), 'Hello'
         from numbered m left join app_public.contacts c on c.email = 'reader' || m.n || '@example.com'
     )
     insert into app_public.sub_tasks (id, task_id, status) select id, $1::uuid, 'pending' from numbered order by id`,
    [taskId, ids, first + from],
  );
  for (const move of moves)
    await pool.query(
      `update app_public.sub_tasks st ${move.replace(
        ' where ',
        ` from (
         select id, place % 100 as share, now() - make_interval(secs => place % 80000) as at, ($2::uuid[])[1 + place % cardinality($2)] as service
           from unnest($1::uuid[]) with ordinality as ids (id, place)) as m where m.id = st.id and (`,
      )})`,
      [ids, serviceIds],
    );
}
