import type { Queryable } from '../pool.ts';

/** Frees the jobs that a runner has held for a while and that are not at hand, so that somebody begins them. @returns how many. */
export async function unlockLostJobs(
  db: Queryable,
  poolId: string,
  atHand: readonly string[],
  why: string,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.unlock_lost_jobs($1, $2, $3) as count', [
    poolId,
    atHand,
    why,
  ]);
  return rows[0]?.count ?? 0;
}
