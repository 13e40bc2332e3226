// Scenes for tests of the queue, made by the functions that make them in earnest.
import { randomBytes, randomUUID } from 'node:crypto';
import { finishGeneration } from '../../src/database/generation/finish_generation.ts';
import { insertBatch } from '../../src/database/generation/insert_batch.ts';
import { startGeneration } from '../../src/database/generation/start_generation.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { type Claim, claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { uuidV7 } from '../../src/tasks/uuid_v7.ts';

export type Claimed = Extract<Claim, { outcome: 'claimed' }>;

/** The first column of the first row; throws when there is none. */
export async function one<T>(db: Queryable, text: string, values: unknown[] = []): Promise<T> {
  const { rows } = await db.query<Record<string, T>>(text, values);
  const [row] = rows;
  if (row === undefined) throw new Error(`no row: ${text}`);
  return Object.values(row)[0] as T;
}

export async function aWorkspace(db: Queryable): Promise<string> {
  return one(db, `insert into app_public.workspaces (name) values ('Test') returning id`);
}

export interface ServiceOptions {
  provider?: string;
  id?: string;
  name?: string;
  intervalMs?: number;
  maxInFlight?: number;
  dailyQuota?: number | null;
  timeoutMs?: number;
  isShared?: boolean;
  timezone?: string;
  baseUrl?: string;
  sealed?: Buffer;
}

export async function aService(db: Queryable, options: ServiceOptions = {}): Promise<string> {
  const id = options.id ?? randomUUID();
  return one(db, `select app_private.create_email_service($1, $2, $12, $3, $4, null, $5, $6, $7, $8, $9, $10, $11)`, [
    id,
    options.name ?? `service ${id}`,
    `${id.slice(0, 8)}.example`,
    options.baseUrl ?? null,
    options.intervalMs ?? 10_000,
    options.maxInFlight ?? 20,
    options.dailyQuota ?? null,
    options.timezone ?? 'UTC',
    options.timeoutMs ?? 15_000,
    options.isShared ?? true,
    options.sealed ?? Buffer.from('none'),
    options.provider ?? 'engagelab',
  ]);
}

export interface TaskOptions {
  workspaceId?: string;
  recipients?: number;
  /** Of the recipients' addresses, in turn. */
  domains?: string[];
  priority?: number;
}

export interface TaskScene {
  workspaceId: string;
  taskId: string;
}

/** A draft with its sender, template and contacts. */
export async function aDraft(db: Queryable, options: TaskOptions = {}): Promise<TaskScene> {
  const workspaceId = options.workspaceId ?? (await aWorkspace(db));
  const domains = options.domains ?? ['example.com'];
  const contacts = Array.from({ length: options.recipients ?? 3 }, (_, number) => ({
    email: `${randomBytes(8).toString('hex')}@${domains[number % domains.length]}`,
  }));
  for (let from = 0; from < contacts.length; from += 10_000) {
    const list = JSON.stringify(contacts.slice(from, from + 10_000));
    await db.query('select app_public.add_contacts($1, $2)', [workspaceId, list]);
  }
  const senderId = await one<string>(
    db,
    `insert into app_public.senders (workspace_id, name) values ($1, 'news') returning id`,
    [workspaceId],
  );
  const templateId = await one<string>(
    db,
    `insert into app_public.templates (workspace_id, name, subject, html) values ($1, 'plain', 'Hello', '<p>Hello</p>') returning id`,
    [workspaceId],
  );
  const taskId = await one<string>(
    db,
    `select id from app_public.create_task($1, 'a task', $2, array[$3::uuid], p_priority => $4)`,
    [workspaceId, senderId, templateId, options.priority ?? 0],
  );
  return { workspaceId, taskId };
}

/** A Task whose rows are claimable, without the rendering. */
export async function aQueuedTask(db: Queryable, options: TaskOptions = {}): Promise<TaskScene> {
  const scene = await aGeneratingTask(db, options);
  await finishGeneration(db, scene.taskId);
  return scene;
}

/** A Task whose rows are there, but not claimable yet. */
export async function aGeneratingTask(db: Queryable, options: TaskOptions = {}): Promise<TaskScene> {
  const scene = await aDraft(db, options);
  await db.query('select app_public.schedule_task($1)', [scene.taskId]);
  await startGeneration(db, scene.taskId, 10_000);
  const { rows } = await db.query<{ number: number; contacts: { id: string; email: string }[] }>(
    'select * from app_private.read_batch($1, -1)',
    [scene.taskId],
  );
  const templateId = await one<string>(db, 'select template_id from app_public.task_templates where task_id = $1', [
    scene.taskId,
  ]);
  const subTasks = (rows[0]?.contacts ?? []).map((contact) => ({
    id: uuidV7(),
    contactId: contact.id,
    templateId,
    email: contact.email,
    trackingId: randomBytes(12).toString('base64url'),
    subject: 'Hello',
    html: '<p>Hello</p>',
    text: 'Hello',
    links: [],
    error: null,
  }));
  await insertBatch(db, scene.taskId, 0, subTasks);
  return scene;
}

/** Takes the loop of a service and claims with it. */
export async function aClaim(
  db: Queryable,
  serviceId: string,
  limit = 1,
): Promise<{ loopToken: string; claim: Claimed }> {
  const loopToken = await takeLoop(db, serviceId, 'pool-test');
  if (loopToken === null) throw new Error('another loop is alive');
  const claim = await claimSubTasks(db, serviceId, loopToken, limit);
  if (claim.outcome !== 'claimed') throw new Error(`nothing was claimed: ${claim.outcome}`);
  return { loopToken, claim };
}

export async function statusOf(db: Queryable, subTaskId: string): Promise<string> {
  return one(db, 'select status from app_public.sub_tasks where id = $1', [subTaskId]);
}

/** Moves the queue's clock, for this session and transaction. */
export async function clockForward(db: Queryable, interval: string): Promise<void> {
  await db.query(
    `select set_config('postilion.clock_offset',
       (coalesce(nullif(current_setting('postilion.clock_offset', true), ''), '0')::interval + $1::interval)::text, true)`,
    [interval],
  );
}

/** Sum of the differences between a Task's statistics and its rows. */
export async function driftOf(db: Queryable, taskId: string): Promise<number> {
  return one(db, 'select app_public.tasks_statistics_drift(t) from app_public.tasks t where id = $1', [taskId]);
}
