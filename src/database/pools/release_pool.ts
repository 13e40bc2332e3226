import type { Queryable } from '../pool.ts';

/** Gives up a runner process. `isDead`: proven, so its leases are settled at once too. */
export async function releasePool(db: Queryable, poolId: string, isDead: boolean): Promise<void> {
  await db.query('select app_private.release_pool($1, $2)', [poolId, isDead]);
}
