// What of a channel is kept sealed: its address, which often is a secret by itself, and the key that signs.
import { z } from 'zod';
import { unseal } from '../database/sealed.ts';
import { knownKeys, type Secret } from '../database/secret.ts';

export const webhookSecret = z.object({ url: z.string(), secret: z.string() });
export const mailServerSecret = z.object({ url: z.string(), from: z.string() });

export type WebhookSecret = z.infer<typeof webhookSecret>;
export type MailServerSecret = z.infer<typeof mailServerSecret>;

/** @throws SealBroken, ZodError */
export function openChannel<T extends z.ZodType>(
  shape: T,
  secret: Secret,
  channelId: string,
  sealed: Buffer,
): z.infer<T> {
  return shape.parse(unseal(knownKeys(secret, 'encryption'), channelId, sealed));
}
