import type { Queryable } from '../pool.ts';

/** Empties up to `limit` rendered bodies of a Task that ended over `days` days ago. @returns how many; null: no such Task is left. */
export async function dropBodies(db: Queryable, days: number, limit: number): Promise<number | null> {
  const { rows } = await db.query<{ count: number | null }>(
    'select app_private.drop_bodies(make_interval(days => $1), $2) as count',
    [days, limit],
  );
  return rows[0]?.count ?? null;
}
