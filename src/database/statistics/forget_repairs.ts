import type { Queryable } from '../pool.ts';

/** Deletes up to `limit` lines of the repairs that are over `keepDays` days old. @returns how many. */
export async function forgetRepairs(db: Queryable, keepDays: number, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select app_private.forget_repairs(make_interval(days => $1), $2) as count',
    [keepDays, limit],
  );
  return rows[0]?.count ?? 0;
}
