// Promise: no change to a signature, its time or what it covers is accepted. WEBHOOK_FORGERIES=100000 tries that many of each source.
import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { mailgunWebhooks } from '../../src/providers/mailgun_webhook.ts';
import { sendgridWebhooks } from '../../src/providers/sendgrid_webhook.ts';
import type { WebhookRequest, WebhookSource } from '../../src/providers/webhook_source.ts';
import { at, NOW, requestOf, seconds } from './webhook_support.ts';

const forgeries = Number(process.env['WEBHOOK_FORGERIES'] ?? 2_000);

/** The texts of a signed request, each by itself, and how they make a request. */
interface Signed {
  readonly source: WebhookSource;
  readonly secret: string;
  readonly parts: readonly string[];
  readonly request: (parts: readonly string[]) => WebhookRequest;
}

type Mutation = (text: string) => string;

const splice =
  (index: number, remove: number, insert: string): Mutation =>
  (text) => {
    const start = index % (text.length + 1);
    return text.slice(0, start) + insert + text.slice(start + remove);
  };

/** One or a few characters changed, added, taken away or moved; digits and spaces above all, which careless parsers forgive. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc
    .tuple(
      fc.nat(10_000),
      fc.nat(3),
      fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('0', '9', ' ', '\n', '=', '+', '.', '\0', 'A')),
    )
    .map(([index, remove, insert]) => splice(index, remove, insert)),
  fc.nat(10_000).map(
    (index): Mutation =>
      (text) =>
        text.slice(index % text.length) + text.slice(0, index % text.length),
  ),
  fc.constantFrom<Mutation>(
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text + text,
    () => '',
  ),
);

function assertUnforgeable({ source, secret, parts, request }: Signed): void {
  const verdict = (changed: readonly string[]) => source.verify(request(changed), [secret], at(NOW));
  assert.equal(verdict(parts), null, 'the original is accepted');
  fc.assert(
    fc.property(fc.nat(parts.length - 1), mutation, (which, mutate) => {
      const changed = parts.map((part, index) => (index === which ? mutate(part) : part));
      fc.pre(changed[which] !== parts[which]);
      assert.equal(typeof verdict(changed), 'string');
    }),
    { numRuns: forgeries },
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
