// Reading and applying are one transaction: a crash in between leaves the bodies unprocessed.
import type pg from 'pg';
import { applyEvents } from '../../database/events/apply_events.ts';
import { failEvents } from '../../database/events/fail_events.ts';
import { finishEvents } from '../../database/events/finish_events.ts';
import { takeEvents } from '../../database/events/take_events.ts';
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
    if (bodies.length > 0) await applyBodies(context, client, parseBodies(bodies));
    await client.query('commit');
    return bodies.length;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

async function applyBodies(
  context: InboxContext,
  client: pg.PoolClient,
  { parsed, unreadable, broken }: ParsedBodies,
): Promise<void> {
  await failEvents(client, unreadable, true);
  for (const { id, error } of broken)
    context.log.error({ eventLogId: id, error }, 'the parser failed at a webhook; it is tried again later');
  await failEvents(client, broken, false);
  await applyOrSplit(context, client, parsed);
}

/** Somebody else's locks are to blame (deadlock, serialization): no body is, and their locks last until we roll back. */
function isContention(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '40P01' || error.code === '40001');
}

/** What can't be applied together is tried in halves, down to the one body that is to blame, so that it holds up only itself. */
async function applyOrSplit(context: InboxContext, client: pg.PoolClient, bodies: ParsedBody[]): Promise<void> {
  const failure = await attempt(context, client, bodies);
  if (failure === null) return;
  const [first] = bodies;
  if (bodies.length === 1 && first !== undefined) {
    context.log.error(
      { eventLogId: first.id, err: failure },
      'a webhook could not be applied; it is tried again later',
    );
    await failEvents(client, [{ ...first, error: failure.message }], false);
    return;
  }
  const half = Math.ceil(bodies.length / 2);
  await applyOrSplit(context, client, bodies.slice(0, half));
  await applyOrSplit(context, client, bodies.slice(half));
}

async function attempt(context: InboxContext, client: pg.PoolClient, bodies: ParsedBody[]): Promise<Error | null> {
  if (bodies.length === 0) return null;
  await client.query('savepoint attempt');
  try {
    await applyAll(context, client, bodies);
    await client.query('release savepoint attempt');
    return null;
  } catch (error) {
    if (isContention(error)) throw error;
    await client.query('rollback to savepoint attempt');
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function applyAll({ config }: InboxContext, client: pg.PoolClient, bodies: ParsedBody[]): Promise<void> {
  const events = bodies.flatMap((body) => body.events);
  const waiting = new Set(events.length === 0 ? [] : await applyEvents(client, events, config.SOFT_BOUNCE_LIMIT));
  await finishEvents(
    client,
    bodies.filter(({ id }) => !waiting.has(id)).map((body) => ({ ...body, eventCount: body.events.length })),
  );
  const error = 'no SubTask has this message id yet';
  await failEvents(
    client,
    bodies.filter(({ id }) => waiting.has(id)).map((body) => ({ ...body, error })),
    false,
  );
}
