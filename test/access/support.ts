// People, and what the server asks the database about them.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Queryable } from '../../src/database/pool.ts';

export type Role = 'viewer' | 'editor' | 'sender' | 'manager';

/** In the form the database expects; nothing here checks a password. */
export const passwordHash = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA';

export interface Claims {
  session_id: string | null;
  user_id: string;
  is_admin: boolean;
  token_id: string | null;
  token_role: Role | null;
  token_workspace_id: string | null;
  expires_at: Date | null;
}

/** A token as the database knows it. */
export const aHash = (): Buffer => randomBytes(32);

export async function aUser(db: Queryable, options: { email?: string; isAdmin?: boolean } = {}): Promise<string> {
  const { email = `${randomUUID()}@example.com`, isAdmin = false } = options;
  const { rows } = await db.query<{ id: string }>('select id from app_private.create_user($1, $2, $3, $4)', [
    email,
    'Somebody',
    passwordHash,
    isAdmin,
  ]);
  return first(rows).id;
}

export async function signedIn(db: Queryable, userId: string, refresh = aHash(), hash = passwordHash): Promise<Claims> {
  const { rows } = await db.query<Claims>('select * from app_private.complete_sign_in($1, $2, $3)', [
    userId,
    hash,
    refresh,
  ]);
  return first(rows);
}

export async function refreshed(db: Queryable, refresh: Buffer, next: Buffer): Promise<Claims | undefined> {
  const { rows } = await db.query<Claims>('select * from app_private.refresh_session($1, $2)', [refresh, next]);
  return rows[0];
}

export async function claimsOf(db: Queryable, sessionId: string | null): Promise<Claims | undefined> {
  const { rows } = await db.query<Claims>('select * from app_private.claims_of_session($1)', [sessionId]);
  return rows[0];
}

export function first<T>(rows: T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('there is no row');
  return row;
}
