import type { Queryable } from '../pool.ts';

/** Settles every expired lease and wakes the services concerned. `why`: they are entered into the repairs. @returns how many leases. */
export async function reapLeases(db: Queryable, why: string | null = null): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.reap_leases($1) as count', [why]);
  return rows[0]?.count ?? 0;
}
