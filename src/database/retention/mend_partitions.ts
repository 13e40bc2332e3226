import type { Queryable } from '../pool.ts';

/**
 * Prepares the partitions of the inbox for this month and so many ahead.
 * @returns how many were missing that are needed by now or next; they are entered into the repairs.
 * @throws 55P03 where it would have to wait
 */
export async function mendPartitions(db: Queryable, monthsAhead: number, why: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.mend_partitions($1, $2) as count', [
    monthsAhead,
    why,
  ]);
  return rows[0]?.count ?? 0;
}
