// Outgoing webhooks are signed as Standard Webhooks wants it (Symmetric), which libraries of every language can verify.
import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** 32 random bytes. */
export function newSigningSecret(): string {
  return prefix + randomBytes(32).toString('base64');
}

/** Whether it is `whsec_` and 24 to 64 bytes in base64, as the specification has it. */
export function isSigningSecret(secret: string): boolean {
  const encoded = secret.slice(prefix.length);
  const { length } = Buffer.from(encoded, 'base64');
  return secret.startsWith(prefix) && base64.test(encoded) && length >= 24 && length <= 64;
}

export interface Signed {
  /** The same for each attempt, so that the receiver knows a repeat. */
  readonly id: string;
  readonly sentAt: Date;
  readonly body: string;
}

/** @param secret see `isSigningSecret` */
export function signatureHeaders(secret: string, { id, sentAt, body }: Signed): Record<string, string> {
  const timestamp = String(Math.floor(sentAt.getTime() / 1_000));
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}
