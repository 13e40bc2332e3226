import type { Queryable } from '../pool.ts';

/** Takes the snapshot of a due Task's recipients. @returns the Task's state: 'generating' when there is work. Throws NTFND. */
export async function startGeneration(db: Queryable, taskId: string, batchSize: number): Promise<string> {
  const { rows } = await db.query<{ status: string }>('select app_private.start_generation($1, $2) as status', [
    taskId,
    batchSize,
  ]);
  return rows[0]?.status ?? '';
}
