import type { Queryable } from '../pool.ts';

/**
 * Sets a user's password and ends their sessions, except one that is to be kept.
 * @param hash argon2id
 * @throws DatabaseError NTFND
 */
export async function setPassword(
  db: Queryable,
  userId: string,
  hash: string,
  keepSessionId: string | null,
): Promise<void> {
  await db.query('select app_private.set_password($1, $2, $3)', [userId, hash, keepSessionId]);
}
