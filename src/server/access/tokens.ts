// Tokens that say nothing by themselves: random, with a prefix that tells a person (and whoever searches repositories for secrets) what they are.
import { createHash, randomBytes } from 'node:crypto';

const prefixes = { api: 'pst_', refresh: 'psr_', reset: 'psp_', code: 'psc_' } as const;

export type TokenKind = keyof typeof prefixes;

export interface NewToken {
  /** To be shown once, and kept nowhere. */
  readonly text: string;
  /** SHA-256. 256 random bits need no salt. */
  readonly hash: Buffer;
}

export function newToken(kind: TokenKind): NewToken {
  const text = prefixes[kind] + randomBytes(32).toString('base64url');
  return { text, hash: sha256(text) };
}

/** By what the database knows a token. Null: it can't be one of this kind. */
export function hashOfToken(kind: TokenKind, text: string): Buffer | null {
  return text.startsWith(prefixes[kind]) && /^[\w-]{47}$/.test(text) ? sha256(text) : null;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
