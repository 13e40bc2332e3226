import type { Queryable } from '../pool.ts';

/** A runner's sign of life. @returns false when it was given up: it must exit. */
export async function beatPool(db: Queryable, poolId: string): Promise<boolean> {
  const { rows } = await db.query<{ alive: boolean }>('select app_private.beat_pool($1) as alive', [poolId]);
  return rows[0]?.alive ?? false;
}
