import { randomUUID } from 'node:crypto';
import type { Statements } from './statements.ts';
import { hashOfPathSecret, newPathSecret } from './webhook_secret.ts';

/**
 * Adds a secret to those of a service's webhook paths.
 * @param source who posts there; null: its provider alone
 * @returns the secret, which nobody can read again
 * @throws NTFND when there is no such service
 */
export async function createWebhookSecret(db: Statements, serviceId: string, source: string | null): Promise<string> {
  const secret = newPathSecret();
  await db.query({
    text: 'select app_private.create_webhook_secret($1, $2, $3, $4)',
    values: [randomUUID(), serviceId, hashOfPathSecret(secret), source],
  });
  return secret;
}
