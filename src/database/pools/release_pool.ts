import type { Queryable } from '../pool.ts';

/** Gives up a runner process. `isDead`: proven, so its leases are settled at once too. `why`: it is entered into the repairs; absent: it ended in order. */
export async function releasePool(
  db: Queryable,
  poolId: string,
  isDead: boolean,
  why: string | null = null,
): Promise<void> {
  await db.query('select app_private.release_pool($1, $2, $3)', [poolId, isDead, why]);
}
