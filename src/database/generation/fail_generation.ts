import type { Queryable } from '../pool.ts';

/** Ends a generation that can not succeed, with a code and a sentence for people. */
export async function failGeneration(db: Queryable, taskId: string, code: string, message: string): Promise<void> {
  await db.query('select app_private.fail_generation($1, $2, $3)', [taskId, code, message]);
}
