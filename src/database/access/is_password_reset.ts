import type { Queryable } from '../pool.ts';

/** Whether a password can be set with the token. @param tokenHash its SHA-256 */
export async function isPasswordReset(db: Queryable, tokenHash: Buffer): Promise<boolean> {
  const { rows } = await db.query<{ is_one: boolean }>('select app_private.is_password_reset($1) as is_one', [
    tokenHash,
  ]);
  return rows[0]?.is_one ?? false;
}
