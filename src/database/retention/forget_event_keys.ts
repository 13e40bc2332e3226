import type { Queryable } from '../pool.ts';

/** Deletes up to `limit` keys of events first seen over `months` months ago. @returns how many. */
export async function forgetEventKeys(db: Queryable, months: number, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.forget_event_keys($1, $2) as count', [
    months,
    limit,
  ]);
  return rows[0]?.count ?? 0;
}
