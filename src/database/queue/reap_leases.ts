import type { Queryable } from '../pool.ts';

/** Settles every expired lease and wakes the services concerned. @returns how many leases. */
export async function reapLeases(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.reap_leases() as count');
  return rows[0]?.count ?? 0;
}
