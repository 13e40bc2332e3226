import { z } from 'zod';
import type { Queryable } from '../pool.ts';

export const history = z.strictObject({
  subTask: z.strictObject({
    id: z.uuid(),
    status: z.string(),
    taskId: z.uuid(),
    task: z.string(),
    /** null: erased. */
    recipient: z.string().nullable(),
    service: z.string().nullable(),
    attempts: z.number(),
    refusals: z.number(),
    deferrals: z.number(),
    messageId: z.string().nullable(),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    /** Mails there are to its address; 1001: more than 1,000. */
    mailsToAddress: z.number(),
  }),
  life: z.array(z.strictObject({ at: z.string().nullable(), what: z.string(), who: z.string(), says: z.string() })),
  now: z.string(),
});

export type History = z.infer<typeof history>;

/**
 * For programs.
 * @param subTask its id, the beginning of it, or the address, of which the latest mail is meant
 * @throws NTFND, BADIN where several are meant
 */
export async function readHistory(db: Queryable, subTask: string): Promise<History> {
  const { rows } = await db.query<{ found: unknown }>('select ops.read_history($1) as found', [subTask]);
  return history.parse(rows[0]?.found);
}

export interface HistoryLine {
  at: string;
  what: string;
  says: string;
}

/** The same in lines, as psql shows it. */
export async function explainSubTask(db: Queryable, subTask: string): Promise<HistoryLine[]> {
  const { rows } = await db.query<HistoryLine>('select at, what, says from ops.explain_sub_task($1)', [subTask]);
  return rows;
}
