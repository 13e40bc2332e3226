import type { Queryable } from '../pool.ts';

/** Folds appended counter changes and announces the Tasks they concern. @returns how many Tasks. */
export async function foldCounters(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.fold_counters() as count');
  return rows[0]?.count ?? 0;
}
