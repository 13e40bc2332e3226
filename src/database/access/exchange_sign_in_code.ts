import type { Queryable } from '../pool.ts';
import { type Claims, type ClaimsRow, claimsIn } from './session_claims.ts';

/**
 * Begins the session that a code, by its SHA-256, was made for. Null: it is none, or none any more.
 * @param refreshHash SHA-256 of its first refresh token
 */
export async function exchangeSignInCode(db: Queryable, hash: Buffer, refreshHash: Buffer): Promise<Claims | null> {
  const { rows } = await db.query<ClaimsRow>('select * from app_private.exchange_sign_in_code($1, $2)', [
    hash,
    refreshHash,
  ]);
  return claimsIn(rows);
}
