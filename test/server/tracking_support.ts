import { after } from 'node:test';
import type pg from 'pg';
import { parseTrackingBody } from '../../src/providers/tracking.ts';
import type { MailEvent } from '../../src/providers/webhook_source.ts';
import { signToken, type TokenKind } from '../../src/rendering/token.ts';
import { eventually } from '../support/eventually.ts';
import { aQueuedTask, one, type TaskOptions } from '../support/scene.ts';
import { secret, startTestServer, type TestServer } from './support.ts';

/** As a person's browser names itself; the test's own, Node, is known as a machine. */
export const browserAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

export interface TrackedMail {
  taskId: string;
  workspaceId: string;
  subTaskId: string;
  trackingId: string;
  email: string;
}

export interface TrackingScene extends TestServer {
  /** A Task with one recipient and its mail. */
  aMail(options?: TaskOptions): Promise<TrackedMail>;
  address(kind: TokenKind, token: string): string;
  /** The address of a token of ours. */
  linkOf(kind: TokenKind, trackingId: string, number?: number): string;
  eventCount(): Promise<number>;
  /** The events recorded by what `work` does, once there are as many as expected. */
  eventsOf(expected: number, work: () => Promise<unknown>): Promise<MailEvent[]>;
}

export async function startTracking(): Promise<TrackingScene> {
  const testServer = await startTestServer();
  const { server, config, pool } = testServer;
  const paths = {
    o: config.TRACKING_PIXEL_PATH,
    c: config.TRACKING_CLICK_PATH,
    u: config.TRACKING_UNSUBSCRIBE_PATH,
  };
  const address = (kind: TokenKind, token: string) => `${server.url}${paths[kind]}/${token}`;
  const linkOf = (kind: TokenKind, trackingId: string, number = 0) =>
    address(kind, signToken(secret.tracking, kind, trackingId, number));
  const eventCount = () => one<number>(pool, 'select count(*)::integer from app_public.event_logs');
  const eventsOf = async (expected: number, work: () => Promise<unknown>) => {
    const before = await eventCount();
    await work();
    await eventually(eventCount, (now) => now >= before + expected);
    return recordedAfter(pool, before);
  };
  return { ...testServer, aMail: (options) => aMail(pool, options), address, linkOf, eventCount, eventsOf };
}

/** Like fetch, but a redirect is an answer. */
export function visit(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { redirect: 'manual', ...init });
}

/** Locks a table against everyone, until the function that is returned is called. */
export async function lockTable(pool: pg.Pool, table: string): Promise<() => Promise<void>> {
  const client = await pool.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  let held = true;
  const release = async () => {
    if (held) await client.query('rollback').finally(() => client.release());
    held = false;
  };
  after(release);
  return release;
}

async function aMail(pool: pg.Pool, options: TaskOptions = {}): Promise<TrackedMail> {
  const { taskId, workspaceId } = await aQueuedTask(pool, { recipients: 1, ...options });
  const { rows } = await pool.query<{ sub_task_id: string; tracking_id: string; recipient_email: string }>(
    'select sub_task_id, tracking_id, recipient_email from app_public.sub_task_mails where task_id = $1',
    [taskId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the Task has no recipient');
  return {
    taskId,
    workspaceId,
    subTaskId: row.sub_task_id,
    trackingId: row.tracking_id,
    email: row.recipient_email,
  };
}

async function recordedAfter(pool: pg.Pool, count: number): Promise<MailEvent[]> {
  const { rows } = await pool.query<{ body: Buffer; path: string; provider: string }>(
    'select provider, path, body from app_public.event_logs order by id offset $1',
    [count],
  );
  return rows.flatMap(({ provider, path, body }) => {
    const events = parseTrackingBody(body);
    if (provider !== 'tracking') throw new Error(`recorded as ${provider}`);
    if (events.some(({ trackingId }) => path.includes(trackingId ?? ''))) throw new Error('the token was kept');
    return events;
  });
}
