import type { Queryable } from '../pool.ts';
import { type Claims, type ClaimsRow, claimsIn } from './session_claims.ts';

/**
 * Exchanges a session's refresh token, by its SHA-256, for the next. Null: it is none, or none any more; one that was
 * exchanged before has now ended its session.
 */
export async function refreshSession(db: Queryable, hash: Buffer, nextHash: Buffer): Promise<Claims | null> {
  const { rows } = await db.query<ClaimsRow>('select * from app_private.refresh_session($1, $2)', [hash, nextHash]);
  return claimsIn(rows);
}
