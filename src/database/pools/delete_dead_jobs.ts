import type { Queryable } from '../pool.ts';

/** Deletes the rows of jobs that were replaced while they ran and then killed. `why`: they are entered into the repairs. @returns how many. */
export async function deleteDeadJobs(db: Queryable, why: string | null = null): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.delete_dead_jobs($1) as count', [why]);
  return rows[0]?.count ?? 0;
}
