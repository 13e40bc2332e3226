import type { Queryable } from '../pool.ts';
import { type Claims, type ClaimsRow, claimsIn } from './session_claims.ts';

/** Null: the session has ended, or its user is disabled. */
export async function claimsOfSession(db: Queryable, sessionId: string): Promise<Claims | null> {
  const { rows } = await db.query<ClaimsRow>({
    name: 'claims_of_session',
    text: 'select * from app_private.claims_of_session($1)',
    values: [sessionId],
  });
  return claimsIn(rows);
}
