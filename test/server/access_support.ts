import assert from 'node:assert/strict';
import type pg from 'pg';
import { createApiToken, type NewApiToken } from '../../src/database/access/create_api_token.ts';
import { createUser } from '../../src/database/access/create_user.ts';
import { hashPassword } from '../../src/server/access/passwords.ts';
import { newToken } from '../../src/server/access/tokens.ts';

export const password = 'correct horse battery staple';

// Hashing takes time on purpose, and nothing here is about the hash.
const passwordHash = hashPassword(password);

/** @returns its id */
export async function aUser(pool: pg.Pool, email: string, { isAdmin = false } = {}): Promise<string> {
  return (await createUser(pool, { email, name: email, passwordHash: await passwordHash, isAdmin })).id;
}

export async function anApiToken(
  pool: pg.Pool,
  userId: string,
  terms: Partial<Omit<NewApiToken, 'hash' | 'userId'>> = {},
): Promise<{ id: string; authorization: string }> {
  const { text, hash } = newToken('api');
  const usual = { name: 'of a test', role: 'viewer', workspaceId: null, isAdmin: false, expiresAt: null } as const;
  return { id: await createApiToken(pool, { ...usual, ...terms, userId, hash }), authorization: `Bearer ${text}` };
}

/** A clock that stands still until it is told. */
export function aClock() {
  let time = Date.now();
  return {
    now: () => time,
    advance(ms: number) {
      assert.ok(ms > 0);
      time += ms;
    },
  };
}
