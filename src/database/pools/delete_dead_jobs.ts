import type { Queryable } from '../pool.ts';

/** Deletes the rows of jobs that were replaced while they ran and then killed. @returns how many. */
export async function deleteDeadJobs(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.delete_dead_jobs() as count');
  return rows[0]?.count ?? 0;
}
