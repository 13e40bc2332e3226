import type { Queryable } from '../pool.ts';

/** After the last batch: the Task's rows become claimable. @returns false when batches are left. */
export async function finishGeneration(db: Queryable, taskId: string): Promise<boolean> {
  const { rows } = await db.query<{ finished: boolean }>('select app_private.finish_generation($1) as finished', [
    taskId,
  ]);
  return rows[0]?.finished ?? false;
}
