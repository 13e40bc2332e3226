import type { Queryable } from '../pool.ts';

/**
 * Ends an API token.
 * @throws DatabaseError NTFND, or 22P02 for what is no id
 */
export async function revokeApiToken(db: Queryable, id: string): Promise<void> {
  await db.query('select app_public.revoke_api_token($1)', [id]);
}
