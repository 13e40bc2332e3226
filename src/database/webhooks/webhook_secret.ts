import { createHash, randomBytes } from 'node:crypto';

const bytes = 24;

/** A new secret for the path of a webhook; safe in an address. */
export function newPathSecret(): string {
  return randomBytes(bytes).toString('base64url');
}

/** All that the database knows of a path's secret. */
export function hashOfPathSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
