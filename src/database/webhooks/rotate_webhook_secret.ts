import { randomUUID } from 'node:crypto';
import type { Statements } from './statements.ts';
import { hashOfPathSecret, newPathSecret } from './webhook_secret.ts';

/**
 * Gives a service a new secret for its webhook paths; the old ones stay right for so many seconds.
 * @param source who posts there; null: its provider alone
 * @returns the new secret, which nobody can read again
 * @throws NTFND when there is no such service
 */
export async function rotateWebhookSecret(
  db: Statements,
  serviceId: string,
  source: string | null,
  keepOldForSeconds: number,
): Promise<string> {
  const secret = newPathSecret();
  await db.query({
    text: 'select app_private.rotate_webhook_secret($1, $2, $3, $4, make_interval(secs => $5))',
    values: [randomUUID(), serviceId, hashOfPathSecret(secret), source, keepOldForSeconds],
  });
  return secret;
}
