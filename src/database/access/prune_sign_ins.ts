import type { Queryable } from '../pool.ts';

/** Deletes up to `limit` each of sessions, attempts to sign in, sign-in codes and password resets that are over. @returns how many together. */
export async function pruneSignIns(db: Queryable, limit: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>('select app_private.prune_sign_ins($1) as count', [limit]);
  return rows[0]?.count ?? 0;
}
