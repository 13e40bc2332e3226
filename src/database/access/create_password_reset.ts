import type { Queryable } from '../pool.ts';

/**
 * Lets whoever shows the token set a new password once, within an hour.
 * @param hash SHA-256 of the token
 * @throws DatabaseError NTFND
 */
export async function createPasswordReset(db: Queryable, userId: string, hash: Buffer): Promise<void> {
  await db.query('select app_private.create_password_reset($1, $2)', [userId, hash]);
}
