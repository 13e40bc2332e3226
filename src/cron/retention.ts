// What has been kept long enough goes, in steps that hold nothing up; each may be cut short, and is done tomorrow.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from 'graphile-worker';
import { forgetDeliveries } from '../database/alerts/forget_deliveries.ts';
import { isBusy } from '../database/retention/busy.ts';
import { dropBodies } from '../database/retention/drop_bodies.ts';
import { dropPartition } from '../database/retention/drop_partition.ts';
import { ensurePartitions } from '../database/retention/ensure_partitions.ts';
import { expiredPartitions } from '../database/retention/expired_partitions.ts';
import { forgetAlerts } from '../database/retention/forget_alerts.ts';
import { forgetEventKeys } from '../database/retention/forget_event_keys.ts';
import type { WorkerContext } from '../worker/context.ts';

const monthsAhead = 3;
const attempts = 10;
const pauseMs = 3_000;
const keysAtOnce = 10_000;
const bodiesAtOnce = 1_000;

export type RetentionContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'> & {
  readonly config: Pick<WorkerContext['config'], 'INBOX_MONTHS' | 'BODY_DAYS' | 'ALERT_DAYS'>;
};

/** Waits so many milliseconds; rejects when the process is asked to end. */
export type Pause = (ms: number) => Promise<unknown>;

export function retention(context: RetentionContext): Task {
  return () => retain(context, (ms) => sleep(ms, undefined, { signal: context.stopping }));
}

export async function retain(context: RetentionContext, pause: Pause): Promise<void> {
  const { db, config, log } = context;
  await patiently(context, pause, 'the months to come', () => ensurePartitions(db, monthsAhead));
  const partitions: string[] = [];
  for (const name of await expiredPartitions(db, config.INBOX_MONTHS))
    if (await patiently(context, pause, name, () => dropPartition(db, name, config.INBOX_MONTHS)))
      partitions.push(name);
  // A month longer than what could be replayed: an event that is repeated is still known. What could not be dropped keeps its keys.
  const keys = await inChunks(context, () => forgetEventKeys(db, config.INBOX_MONTHS + 1, keysAtOnce), keysAtOnce);
  const bodies = await inChunks(context, () => dropBodies(db, config.BODY_DAYS, bodiesAtOnce), 0);
  const alerts = await inChunks(context, () => forgetAlerts(db, config.ALERT_DAYS, keysAtOnce), keysAtOnce);
  const messages = await inChunks(context, () => forgetDeliveries(db, config.ALERT_DAYS, keysAtOnce), keysAtOnce);
  if (partitions.length + keys + bodies + alerts + messages > 0)
    log.info({ partitions, keys, bodies, alerts, messages }, 'dropped what was kept long enough');
}

/**
 * What changes a partitioned table needs all of it for a moment, and behind a long report or a backup there is none: it gives up at once, so
 * that nobody waits behind it, and is tried a few times, then again tomorrow.
 */
async function patiently<T>(
  { log, stopping }: RetentionContext,
  pause: Pause,
  what: string,
  step: () => Promise<T>,
): Promise<T | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await step();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (attempt >= attempts || stopping.aborted) {
        log.warn({ what }, 'the inbox is in use; it is tried again tomorrow');
        return null;
      }
      await pause(pauseMs);
    }
  }
}

/** Repeats a step while it says that there may be more: as many rows as `full`, or any number for a step that ends with null. */
async function inChunks(
  { stopping }: RetentionContext,
  step: () => Promise<number | null>,
  full: number,
): Promise<number> {
  let rows = 0;
  for (let count: number | null = full; count !== null && count >= full && !stopping.aborted; ) {
    count = await step();
    rows += count ?? 0;
  }
  return rows;
}
