import type { Queryable } from '../pool.ts';
import type { MemberRole } from './session_claims.ts';

export interface NewApiToken {
  readonly userId: string;
  readonly name: string;
  /** The most it may do. */
  readonly role: MemberRole;
  /** Null: all workspaces of the user. */
  readonly workspaceId: string | null;
  /** Whether it may run the installation; then it is a manager of every workspace. */
  readonly isAdmin: boolean;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  /** Null: never. */
  readonly expiresAt: Date | string | null;
}

/**
 * @returns its id
 * @throws DatabaseError BADIN naming what the user does not have to give, NTFND
 */
export async function createApiToken(db: Queryable, token: NewApiToken): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    'select id from app_private.create_api_token($1, $2, $3, $4, $5, $6, $7)',
    [token.userId, token.name, token.role, token.workspaceId, token.isAdmin, token.hash, token.expiresAt],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('create_api_token gave no token');
  return row.id;
}
