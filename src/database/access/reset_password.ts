import type { Queryable } from '../pool.ts';

/**
 * Sets the password of the user whom a reset token, by its SHA-256, was made for, and ends their sessions.
 * @throws DatabaseError BADIN when the token is wrong, used or expired
 */
export async function resetPassword(db: Queryable, tokenHash: Buffer, passwordHash: string): Promise<void> {
  await db.query('select app_private.reset_password($1, $2)', [tokenHash, passwordHash]);
}
