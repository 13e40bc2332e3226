import type { Queryable } from '../pool.ts';

/** Prepares the partitions of the inbox for this month and so many ahead. */
export async function ensurePartitions(db: Queryable, monthsAhead: number): Promise<void> {
  await db.query('select app_private.ensure_partitions($1)', [monthsAhead]);
}
