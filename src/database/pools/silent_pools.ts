import type { Queryable } from '../pool.ts';

/** Pools that were silent for 15 s, or hold jobs without being registered. */
export async function silentPools(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select app_private.silent_pools() as id');
  return rows.map((row) => row.id);
}
