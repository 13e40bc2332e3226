// What has been kept long enough goes, in steps that hold nothing up; each may be cut short, and is done tomorrow.
import type { Task } from 'graphile-worker';
import { forgetDeliveries } from '../database/alerts/forget_deliveries.ts';
import { dropBodies } from '../database/retention/drop_bodies.ts';
import { dropPartition } from '../database/retention/drop_partition.ts';
import { expiredPartitions } from '../database/retention/expired_partitions.ts';
import { forgetAlerts } from '../database/retention/forget_alerts.ts';
import { forgetEventKeys } from '../database/retention/forget_event_keys.ts';
import { type Pause, patiently } from '../database/retention/patiently.ts';
import type { WorkerContext } from '../worker/context.ts';

const keysAtOnce = 10_000;
const bodiesAtOnce = 1_000;

export type RetentionContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'> & {
  readonly config: Pick<WorkerContext['config'], 'INBOX_MONTHS' | 'BODY_DAYS' | 'ALERT_DAYS'>;
};

export function retention(context: RetentionContext): Task {
  return () => retain(context);
}

export async function retain(context: RetentionContext, pause?: Pause): Promise<void> {
  const { db, config, log, stopping } = context;
  const patience = { log, stopping, again: 'tomorrow', ...(pause && { pause }) };
  const partitions: string[] = [];
  for (const name of await expiredPartitions(db, config.INBOX_MONTHS))
    if (await patiently(patience, name, () => dropPartition(db, name, config.INBOX_MONTHS))) partitions.push(name);
  // A month longer than what could be replayed: an event that is repeated is still known. What could not be dropped keeps its keys.
  const keys = await inChunks(context, () => forgetEventKeys(db, config.INBOX_MONTHS + 1, keysAtOnce), keysAtOnce);
  const bodies = await inChunks(context, () => dropBodies(db, config.BODY_DAYS, bodiesAtOnce), 0);
  const alerts = await inChunks(context, () => forgetAlerts(db, config.ALERT_DAYS, keysAtOnce), keysAtOnce);
  const messages = await inChunks(context, () => forgetDeliveries(db, config.ALERT_DAYS, keysAtOnce), keysAtOnce);
  if (partitions.length + keys + bodies + alerts + messages > 0)
    log.info({ partitions, keys, bodies, alerts, messages }, 'dropped what was kept long enough');
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
