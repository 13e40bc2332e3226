import type { Queryable } from '../pool.ts';
import { type Claims, type ClaimsRow, claimsIn } from './session_claims.ts';

/**
 * Null: there is no such API token, it expired or was revoked, or its user is disabled.
 * @param hash SHA-256 of the token
 */
export async function claimsOfToken(db: Queryable, hash: Buffer): Promise<Claims | null> {
  const { rows } = await db.query<ClaimsRow>({
    name: 'claims_of_token',
    text: 'select * from app_private.claims_of_token($1)',
    values: [hash],
  });
  return claimsIn(rows);
}
