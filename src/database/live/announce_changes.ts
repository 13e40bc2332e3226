import type { Queryable } from '../pool.ts';

/** Tells subscribers of services, mail events and alerts that changed. @returns how many subjects did. */
export async function announceChanges(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.announce_changes() as count');
  return rows[0]?.count ?? 0;
}
