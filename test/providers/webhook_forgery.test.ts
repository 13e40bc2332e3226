// Promise: no change to a signature, its time or what it covers is accepted. WEBHOOK_FORGERIES=100000 tries that many of each source.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { mailgunWebhooks } from '../../src/providers/mailgun_webhook.ts';
import { sendgridWebhooks } from '../../src/providers/sendgrid_webhook.ts';
import type { WebhookRequest, WebhookSource } from '../../src/providers/webhook_source.ts';
import { at, FORGERIES, mutationOf, NOW, requestOf, seconds } from './webhook_support.ts';

/** The texts of a signed request, each by itself, and how they make a request. */
interface Signed {
  readonly source: WebhookSource;
  readonly secret: string;
  readonly parts: readonly string[];
  readonly request: (parts: readonly string[]) => WebhookRequest;
}

function assertUnforgeable({ source, secret, parts, request }: Signed): void {
  const verdict = (changed: readonly string[]) => source.verify(request(changed), [secret], at(NOW));
  assert.equal(verdict(parts), null, 'the original is accepted');
  const forgery = fc
    .nat(parts.length - 1)
    .chain((which) => mutationOf(parts[which] ?? '').map((changed) => parts.with(which, changed)));
  fc.assert(
    fc.property(forgery, (changed) => typeof verdict(changed) === 'string'),
    { numRuns: FORGERIES },
  );
}

test('sendgrid: signature, time and body', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = JSON.stringify([{ event: 'open', email: 'reader@example.com', sg_event_id: 'ZyjAM5rnQmuI1KFInHQ3Nw' }]);
  const signature = sign('sha256', Buffer.from(seconds() + body), privateKey).toString('base64');
  assertUnforgeable({
    source: sendgridWebhooks,
    secret: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    parts: [signature, seconds(), body],
    request: ([given = '', timestamp = '', content = '']) => ({
      headers: {
        'x-twilio-email-event-webhook-signature': given,
        'x-twilio-email-event-webhook-timestamp': timestamp,
      },
      body: Buffer.from(content),
    }),
  });
});

// Mailgun signs no more than these: the event itself is not covered.
test('mailgun: signature, time and token', () => {
  const secret = 'a signing key';
  const token = '651869375b9df3c98fc15c4889b102119add1235c38fc92824';
  assertUnforgeable({
    source: mailgunWebhooks,
    secret,
    parts: [
      createHmac('sha256', secret)
        .update(seconds() + token)
        .digest('hex'),
      seconds(),
      token,
    ],
    request: ([signature, timestamp, given]) => requestOf({ signature: { signature, timestamp, token: given } }),
  });
});
