import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const count = z.number();
const ms = z.number().nullable();

export const topService = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  activity: z.string(),
  reason: z.string().nullable(),
  /** Until it may hand over its next mail; null: at once, or nobody can tell. */
  nextInMs: ms,
  inFlight: count,
  /** 0: rated. */
  intervalMs: z.number(),
  ratePerSecond: z.number().nullable(),
  maxInFlight: count,
  usedToday: count,
  quota: count.nullable(),
  /** Share of its recent hand-overs that were accepted. */
  accepted: z.number(),
  answerMs: ms,
  lastAgoMs: ms,
  lastOutcome: z.string().nullable(),
});

export const topTask = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  status: z.string(),
  total: count,
  left: count,
  failed: count,
  uncertain: count,
  cancelled: count,
  bounced: count,
  perMinute: z.number().nullable(),
  doneInMs: ms,
  limiting: z.string().nullable(),
});

export const top = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  /** Runners that gave a sign of life lately. */
  workers: count,
  services: z.array(topService),
  serviceCount: count,
  tasks: z.array(topTask),
  taskCount: count,
  /** Webhooks not applied yet; 10001: more than 10,000. */
  inbox: z.strictObject({ waiting: count, oldestMs: ms }),
  alertCount: count,
  alerts: z.array(
    z.strictObject({
      severity: z.string(),
      message: z.string(),
      times: count,
      sinceMs: ms,
      isAcknowledged: z.boolean(),
    }),
  ),
});

export type Top = z.infer<typeof top>;
export type TopService = z.infer<typeof topService>;
export type TopTask = z.infer<typeof topTask>;

/**
 * The installation at this moment. As postilion_operator.
 * @param forecasts of how many Tasks it is foreseen when they are done, which costs most of it
 */
export async function readTop(db: Queryable, forecasts = 10): Promise<Top> {
  const { rows } = await db.query<{ top: unknown }>({
    name: 'read_top',
    text: 'select ops.read_top($1) as top',
    values: [forecasts],
  });
  return top.parse(rows[0]?.top);
}
