import { randomUUID } from 'node:crypto';
import { seal } from '../sealed.ts';
import type { Statements } from '../webhooks/statements.ts';

export interface NewAlertChannel {
  readonly kind: 'webhook' | 'email';
  readonly name: string;
  /** Shown to people; null: the mails take the queue of a service. */
  readonly host: string | null;
  readonly addresses: readonly string[] | null;
  readonly emailServiceId: string | null;
  readonly senderId: string | null;
  readonly minimumSeverity: string;
  readonly mostPerHour: number;
  /** Address and key, to be sealed; null: it has none. */
  readonly secret: object | null;
}

/**
 * Adds a channel; its address and key are sealed before they come near the database.
 * @param key 32 bytes, `Secret.encryption`
 * @returns its id
 * @throws BADIN naming the field, or a constraint's refusal
 */
export async function createAlertChannel(db: Statements, given: NewAlertChannel, key: Buffer): Promise<string> {
  const id = randomUUID();
  const { kind, name, host, addresses, emailServiceId, senderId, minimumSeverity, mostPerHour, secret } = given;
  const sealed = secret === null ? null : seal(key, id, secret);
  await db.query({
    text: 'select app_private.create_alert_channel($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [id, kind, name, host, addresses, emailServiceId, senderId, minimumSeverity, mostPerHour, sealed],
  });
  return id;
}
