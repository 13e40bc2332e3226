import { randomUUID } from 'node:crypto';
import { seal } from '../sealed.ts';
import type { Statements } from './statements.ts';

export interface NewSigningSecret {
  readonly serviceId: string;
  readonly source: string;
  readonly secret: string;
  /** ISO 8601; null: never. */
  readonly expiresAt: string | null;
}

/**
 * Keeps a provider's signing secret, sealed: from now on webhooks of this source need a signature.
 * @param key 32 bytes, `Secret.encryption`
 * @throws NTFND when there is no such service, BADIN naming the field
 */
export async function addWebhookSigningSecret(db: Statements, given: NewSigningSecret, key: Buffer): Promise<void> {
  const id = randomUUID();
  await db.query({
    text: 'select app_private.add_webhook_signing_secret($1, $2, $3, $4, $5::timestamptz)',
    values: [id, given.serviceId, given.source, seal(key, id, given.secret), given.expiresAt],
  });
}
