import type { Queryable } from '../pool.ts';

/** Deletes messages of alerts that were written more than `days` days ago. @returns how many; fewer than `limit`: it is done. */
export async function forgetDeliveries(db: Queryable, days: number, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.forget_deliveries($1, $2) as count', [
    days,
    limit,
  ]);
  return rows[0]?.count ?? 0;
}
