import type { Queryable } from '../pool.ts';

export const bulkVerbs = ['cancel', 'retry_failed', 'resend_uncertain'] as const;
export type BulkVerb = (typeof bulkVerbs)[number];

/** Carries out one chunk of a bulk verb. `why`: it is entered into the repairs. @returns how many rows; 0: it is done. */
export async function changeBatch(
  db: Queryable,
  taskId: string,
  verb: BulkVerb,
  errorCode: string | null,
  limit: number,
  why: string | null = null,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.change_batch($1, $2, $3, $4, $5) as count', [
    taskId,
    verb,
    errorCode,
    limit,
    why,
  ]);
  return rows[0]?.count ?? 0;
}
