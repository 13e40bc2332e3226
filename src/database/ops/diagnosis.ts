import { z } from 'zod';
import type { Queryable } from '../pool.ts';

const count = z.number().int().nonnegative();
const time = z.string().nullable();

export const diagnosis = z.strictObject({
  task: z.strictObject({
    id: z.uuid(),
    name: z.string(),
    workspace: z.string(),
    status: z.string(),
    priority: z.number(),
    createdAt: z.string(),
    scheduledAt: time,
    generatedAt: time,
    completedAt: time,
    cancelledAt: time,
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
  }),
  /** SubTasks by where they stand, and their total. A drift may bring one below zero. */
  states: z.record(z.string(), z.number()),
  /** SubTasks by what was ever heard of them. */
  funnel: z.record(z.string(), z.number()),
  failures: z.array(z.strictObject({ code: z.string(), mails: count })),
  services: z.array(
    z.strictObject({
      id: z.uuid(),
      name: z.string(),
      state: z.string(),
      inFlight: count,
      /** Of today; null: any number. */
      quotaLeft: count.nullable(),
      frozenUntil: time,
      freezeReason: z.string().nullable(),
      acceptedShare: z.number(),
      heardAt: time,
    }),
  ),
  webhooks: z.strictObject({
    /** Not applied yet; 10001: more than 10,000. */
    waiting: count,
    silentServices: z.array(z.string()),
  }),
  notSending: z.array(
    z.strictObject({
      reason: z.string(),
      subject: z.string(),
      sentence: z.string(),
      movesAt: time,
      remedy: z.string(),
    }),
  ),
  faults: z.array(z.strictObject({ what: z.string(), says: z.string(), remedy: z.string() })),
  forecast: z
    .strictObject({
      recipients: count,
      left: count,
      finishesAt: time,
      ratePerHour: z.number(),
      limiting: z.string(),
    })
    .nullable(),
});

export type Diagnosis = z.infer<typeof diagnosis>;

/**
 * For programs.
 * @param task its id, the beginning of its id, or its name
 * @throws NTFND, BADIN where several are meant
 */
export async function readDiagnosis(db: Queryable, task: string): Promise<Diagnosis> {
  const { rows } = await db.query<{ found: unknown }>('select ops.read_diagnosis($1) as found', [task]);
  return diagnosis.parse(rows[0]?.found);
}

/** The same in lines, as psql shows it. */
export async function diagnoseTask(db: Queryable, task: string): Promise<{ part: string; says: string }[]> {
  const { rows } = await db.query<{ part: string; says: string }>('select part, says from ops.diagnose_task($1)', [
    task,
  ]);
  return rows;
}
