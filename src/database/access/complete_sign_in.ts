import type { Queryable } from '../pool.ts';
import type { Account } from './begin_sign_in.ts';
import { type Claims, type ClaimsRow, claimsIn } from './session_claims.ts';

/**
 * Begins a session for who has shown that user's password.
 * @param refreshHash SHA-256 of its first refresh token
 * @throws DatabaseError AUTHN when the user was disabled, or the password changed, meanwhile
 */
export async function completeSignIn(
  db: Queryable,
  { userId, passwordHash }: Account,
  refreshHash: Buffer,
): Promise<Claims | null> {
  const { rows } = await db.query<ClaimsRow>('select * from app_private.complete_sign_in($1, $2, $3)', [
    userId,
    passwordHash,
    refreshHash,
  ]);
  return claimsIn(rows);
}
