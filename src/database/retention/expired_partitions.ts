import type { Queryable } from '../pool.ts';

/** The partitions of the inbox that ended so many months ago and that nothing waits in. */
export async function expiredPartitions(db: Queryable, months: number): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('select app_private.expired_partitions($1) as name', [months]);
  return rows.map(({ name }) => name);
}
