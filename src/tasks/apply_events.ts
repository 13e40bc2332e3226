// Reads the inbox and applies what it says. Reading and applying are one transaction: a crash in between leaves the bodies unprocessed.
import { createHash } from 'node:crypto';
import type { Task } from 'graphile-worker';
import type pg from 'pg';
import { applyEvents as applyToRows, type EventToApply } from '../database/events/apply_events.ts';
import { failEvent } from '../database/events/fail_event.ts';
import { finishEvents } from '../database/events/finish_events.ts';
import { type LoggedBody, takeEvents } from '../database/events/take_events.ts';
import { type MailEvent, WebhookParseError } from '../providers/webhook_source.ts';
import { webhookSource } from '../providers/webhook_sources.ts';
import type { WorkerContext } from '../worker/context.ts';

const batchSize = 500;

export function applyEvents(context: WorkerContext): Task {
  return async () => {
    while (!context.stopping.aborted && (await applyBatch(context, batchSize)) === batchSize);
  };
}

/** One transaction. When a batch can't be applied, its bodies are tried one by one, so that one of them holds up only itself. @returns how many bodies it took. */
async function applyBatch({ db, log }: WorkerContext, limit: number): Promise<number> {
  const client = await db.connect();
  try {
    await client.query('begin');
    const bodies = await takeEvents(client, limit);
    const parsed = await parseAll(client, bodies);
    await applyTogetherOrAlone(client, parsed, log);
    await client.query('commit');
    return bodies.length;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    client.release();
  }
}

interface Parsed {
  id: number;
  events: EventToApply[];
}

async function parseAll(client: pg.PoolClient, bodies: LoggedBody[]): Promise<Parsed[]> {
  const parsed: Parsed[] = [];
  for (const body of bodies) {
    try {
      parsed.push({
        id: body.id,
        events: webhookSource(body.provider)
          .parse({ headers: body.headers, body: body.body })
          .map((event) => toApply(event, body)),
      });
    } catch (error) {
      if (!(error instanceof WebhookParseError)) throw error;
      await failEvent(client, body.id, error.message, true);
    }
  }
  return parsed;
}

function toApply(event: MailEvent, body: LoggedBody): EventToApply {
  return {
    key: keyOf(body.provider, event.dedupeKey),
    event_log_id: body.id,
    kind: event.kind,
    occurred_at: event.occurredAt ?? body.receivedAt.toISOString(),
    sub_task_id: event.subTaskId,
    message_id: event.messageId,
    tracking_id: event.trackingId,
    machine: event.machine,
    may_wait: body.attempts < 9,
    detail: event.detail,
  };
}

/** 128 bits of SHA-256, written as a UUID: what the database keeps of an event, to know it again. */
function keyOf(provider: string, dedupeKey: string): string {
  return createHash('sha256').update(`${provider}\n${dedupeKey}`).digest('hex').slice(0, 32);
}

async function applyTogetherOrAlone(client: pg.PoolClient, parsed: Parsed[], log: WorkerContext['log']): Promise<void> {
  const failure = await attempt(client, parsed);
  if (failure === null) return;
  for (const one of parsed) {
    const error = parsed.length === 1 ? failure : await attempt(client, [one]);
    if (error === null) continue;
    log.error({ eventLogId: one.id, err: error }, 'a webhook could not be applied; it is tried again later');
    await failEvent(client, one.id, error.message, false);
  }
}

async function attempt(client: pg.PoolClient, parsed: Parsed[]): Promise<Error | null> {
  if (parsed.length === 0) return null;
  await client.query('savepoint attempt');
  try {
    const waiting = new Set(
      await applyToRows(
        client,
        parsed.flatMap(({ events }) => events),
      ),
    );
    const done = parsed.filter(({ id }) => !waiting.has(id));
    await finishEvents(
      client,
      done.map(({ id, events }) => ({ id, eventCount: events.length })),
    );
    for (const id of waiting) await failEvent(client, id, 'no SubTask has this message id yet', false);
    await client.query('release savepoint attempt');
    return null;
  } catch (error) {
    await client.query('rollback to savepoint attempt');
    return error instanceof Error ? error : new Error(String(error));
  }
}
