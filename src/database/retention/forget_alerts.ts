import type { Queryable } from '../pool.ts';

/** Deletes up to `limit` alerts that were resolved over `days` days ago. @returns how many. */
export async function forgetAlerts(db: Queryable, days: number, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.forget_alerts($1, $2) as count', [
    days,
    limit,
  ]);
  return rows[0]?.count ?? 0;
}
