import type { Queryable } from '../pool.ts';
import { type Claims, type ClaimsRow, claimsIn } from './session_claims.ts';

/**
 * Begins a session for who has proved to be that user.
 * @param refreshHash SHA-256 of its first refresh token
 * @throws DatabaseError AUTHN when the user was disabled meanwhile
 */
export async function completeSignIn(db: Queryable, userId: string, refreshHash: Buffer): Promise<Claims | null> {
  const { rows } = await db.query<ClaimsRow>('select * from app_private.complete_sign_in($1, $2)', [
    userId,
    refreshHash,
  ]);
  return claimsIn(rows);
}
