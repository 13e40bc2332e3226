import type { Queryable } from '../pool.ts';

/**
 * Drops an expired partition. @returns false when somebody else did, or it is not expired.
 * @throws 55P03 (see busy.ts) when it would have had to wait for a lock.
 */
export async function dropPartition(db: Queryable, name: string, months: number): Promise<boolean> {
  const { rows } = await db.query<{ dropped: boolean }>('select app_private.drop_partition($1, $2) as dropped', [
    name,
    months,
  ]);
  return rows[0]?.dropped ?? false;
}
