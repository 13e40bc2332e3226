// A source for tests of the intake: its signature is HMAC-SHA256 of the body, and it asks for an address to be fetched, as SNS does.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookRequest, WebhookSource } from '../../src/providers/webhook_source.ts';
import { addWebhookSource, webhookSources } from '../../src/providers/webhook_sources.ts';

export const signatureHeader = 'x-test-signature';
/** A body that begins so is to be confirmed by fetching what follows. */
export const confirmation = 'confirm ';

const engagelab = webhookSources.get('engagelab');

export const signedSource: WebhookSource = {
  name: 'signed-by-test',
  signingSecret: 'test key',
  verify: ({ headers, body }, secrets) => {
    const given = Buffer.from(String(headers[signatureHeader] ?? ''), 'hex');
    if (body.includes('certificate away')) throw new Error('the certificate can not be fetched');
    const isRight = (secret: string) => {
      const right = createHmac('sha256', secret).update(body).digest();
      return given.length === right.length && timingSafeEqual(given, right);
    };
    return secrets.filter(isRight).length > 0 ? null : 'the signature is wrong';
  },
  parse: (request) => engagelab?.parse(request) ?? [],
  answer: async ({ body }: WebhookRequest, { fetch }) => {
    const text = body.toString();
    if (text.startsWith(confirmation)) await fetch(text.slice(confirmation.length));
  },
};

addWebhookSource(signedSource);

export function signature(secret: string, body: string | Buffer): Record<string, string> {
  return { [signatureHeader]: createHmac('sha256', secret).update(body).digest('hex') };
}
