import type { Queryable } from '../pool.ts';

export interface NewUser {
  readonly email: string;
  readonly name: string;
  /** argon2id; null: they set a password with a reset token, or sign in elsewhere. */
  readonly passwordHash: string | null;
  readonly isAdmin: boolean;
}

/**
 * @returns its id, and the address as it is kept
 * @throws DatabaseError BADIN naming the field
 */
export async function createUser(
  db: Queryable,
  { email, name, passwordHash, isAdmin }: NewUser,
): Promise<{ id: string; email: string }> {
  const { rows } = await db.query<{ id: string; email: string }>(
    'select id, email from app_private.create_user($1, $2, $3, $4)',
    [email, name, passwordHash, isAdmin],
  );
  const [user] = rows;
  if (user === undefined) throw new Error('create_user gave no user');
  return user;
}
