import type { Queryable } from '../pool.ts';

export interface Account {
  readonly userId: string;
  readonly passwordHash: string;
}

/**
 * Counts an attempt to sign in. Null: nobody can sign in with this address and a password.
 * @param address of the client; null: not known
 * @throws DatabaseError LIMIT
 */
export async function beginSignIn(db: Queryable, email: string, address: string | null): Promise<Account | null> {
  const { rows } = await db.query<{ user_id: string | null; password_hash: string | null }>(
    'select user_id, password_hash from app_private.begin_sign_in($1, $2)',
    [email, address],
  );
  const { user_id: userId = null, password_hash: passwordHash = null } = rows[0] ?? {};
  return userId === null || passwordHash === null ? null : { userId, passwordHash };
}
