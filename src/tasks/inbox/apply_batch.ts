// Reading and applying are one transaction: a crash in between leaves the bodies unprocessed.
import type pg from 'pg';
import { applyEvents } from '../../database/events/apply_events.ts';
import { failEvents } from '../../database/events/fail_events.ts';
import { finishEvents } from '../../database/events/finish_events.ts';
import { type LogKey, takeEvents } from '../../database/events/take_events.ts';
import { tellApplied } from '../../database/metrics/tell_applied.ts';
import type { InboxContext } from '../apply_events.ts';
import { type ParsedBodies, type ParsedBody, parseBodies } from './parse_bodies.ts';

/** Two batches, or a batch and a worker, that met come apart at the first retry; whoever goes on failing is left to the job's own retries. */
const mostTries = 5;

/** Takes up to `limit` bodies out of the inbox and applies them. @returns how many it took. */
export async function applyBatch(context: InboxContext, limit: number): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await applyOnce(context, limit);
    } catch (error) {
      if (!isContention(error) || tries === mostTries) throw error;
    }
  }
}

async function applyOnce(context: InboxContext, limit: number): Promise<number> {
  const client = await context.db.connect();
  try {
    await client.query('begin');
    const bodies = await takeEvents(client, limit);
    const parsed = parseBodies(bodies);
    const finished = bodies.length > 0 ? await applyBodies(context, client, parsed) : [];
    await client.query('commit');
    if (bodies.length > 0) await measure(context, client, parsed, finished);
    return bodies.length;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

/** Of what is committed. A number that is missing is no reason to apply anything again. */
async function measure(
  { meters, log }: InboxContext,
  client: pg.PoolClient,
  { parsed, unreadable, broken }: ParsedBodies,
  finished: readonly LogKey[],
): Promise<void> {
  const inbox = meters?.inbox;
  if (inbox === undefined) return;
  inbox.failed('unreadable', unreadable.length);
  inbox.failed('broken', broken.length);
  inbox.failed('waiting', parsed.length - finished.length);
  await tellApplied(client, finished).then(
    (applied) => inbox.applied(applied),
    (error: unknown) => log.warn({ err: error }, 'what webhooks came to could not be counted'),
  );
}

/** @returns what is done with; the rest is tried again later, or was given up */
async function applyBodies(
  context: InboxContext,
  client: pg.PoolClient,
  { parsed, unreadable, broken }: ParsedBodies,
): Promise<LogKey[]> {
  await failEvents(client, unreadable, true);
  for (const { id, error } of broken)
    context.log.error({ eventLogId: id, error }, 'the parser failed at a webhook; it is tried again later');
  await failEvents(client, broken, false);
  return applyOrSplit(context, client, parsed);
}

/** Somebody else's locks are to blame (deadlock, serialization): no body is, and their locks last until we roll back. */
function isContention(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');
}

/** What can't be applied together is tried in halves, down to the one body that is to blame, so that it holds up only itself. */
async function applyOrSplit(context: InboxContext, client: pg.PoolClient, bodies: ParsedBody[]): Promise<LogKey[]> {
  const { failure, finished } = await attempt(context, client, bodies);
  if (failure === null) return finished;
  const [first] = bodies;
  if (bodies.length === 1 && first !== undefined) {
    context.log.error(
      { eventLogId: first.id, err: failure },
      'a webhook could not be applied; it is tried again later',
    );
    await failEvents(client, [{ ...first, error: failure.message }], false);
    return [];
  }
  const half = Math.ceil(bodies.length / 2);
  const firstHalf = await applyOrSplit(context, client, bodies.slice(0, half));
  return [...firstHalf, ...(await applyOrSplit(context, client, bodies.slice(half)))];
}

interface Attempt {
  readonly failure: Error | null;
  readonly finished: LogKey[];
}

async function attempt(context: InboxContext, client: pg.PoolClient, bodies: ParsedBody[]): Promise<Attempt> {
  if (bodies.length === 0) return { failure: null, finished: [] };
  await client.query('savepoint attempt');
  try {
    const finished = await applyAll(context, client, bodies);
    await client.query('release savepoint attempt');
    return { failure: null, finished };
  } catch (error) {
    if (isContention(error)) throw error;
    await client.query('rollback to savepoint attempt');
    return { failure: error instanceof Error ? error : new Error(String(error)), finished: [] };
  }
}

async function applyAll({ config }: InboxContext, client: pg.PoolClient, bodies: ParsedBody[]): Promise<LogKey[]> {
  const events = bodies.flatMap((body) => body.events);
  const waiting = new Set(events.length === 0 ? [] : await applyEvents(client, events, config.SOFT_BOUNCE_LIMIT));
  const finished = bodies.filter(({ id }) => !waiting.has(id));
  await finishEvents(
    client,
    finished.map((body) => ({ ...body, eventCount: body.events.length })),
  );
  const error = 'no SubTask has this message id yet';
  await failEvents(
    client,
    bodies.filter(({ id }) => waiting.has(id)).map((body) => ({ ...body, error })),
    false,
  );
  return finished;
}
