import type { Queryable } from '../pool.ts';

/** Gives up pools that were silent for 15 s, or hold jobs without being registered. @returns which. */
export async function releaseSilentPools(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.release_silent_pools() as id');
  return rows.map((row) => row.id);
}
