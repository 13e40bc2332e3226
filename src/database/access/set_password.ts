import type { Queryable } from '../pool.ts';

/**
 * Sets a user's password and ends their sessions, except one that is to be kept.
 * @param hash argon2id
 * @param formerHash what the former password was compared with; null: nobody showed it
 * @throws DatabaseError NTFND; BADIN when it is another by now
 */
export async function setPassword(
  db: Queryable,
  userId: string,
  hash: string,
  keepSessionId: string | null,
  formerHash: string | null,
): Promise<void> {
  await db.query('select app_private.set_password($1, $2, $3, $4)', [userId, hash, keepSessionId, formerHash]);
}
