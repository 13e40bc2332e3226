// Promise: a request counts as signed only when id, timestamp and every byte of the body are, by one of the secrets, within 300 s of now.
import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { resendWebhooks } from '../../src/providers/resend_webhook.ts';
import { standardWebhooks } from '../../src/providers/standard_webhook.ts';
import type { WebhookRequest, WebhookSource } from '../../src/providers/webhook_source.ts';
import { at, FORGERIES, mutationOf, requestOf } from './webhook_support.ts';

const SECONDS = 1_700_000_000;
const NOW = new Date(SECONDS * 1_000);
const BODY = '{"type":"mail.delivered","data":{}}';
const keys = [randomBytes(24), randomBytes(32)] as const;
const secretOf = (key: Buffer) => `whsec_${key.toString('base64')}`;
const SECRET = secretOf(keys[0]);

interface Signed {
  id: string;
  timestamp: string;
  signature: string;
  body: string;
}

function signed(key: Buffer = keys[0], timestamp = String(SECONDS)): Signed {
  const hmac = createHmac('sha256', key).update(`msg_1.${timestamp}.${BODY}`);
  return { id: 'msg_1', timestamp, signature: `v1,${hmac.digest('base64')}`, body: BODY };
}

function requestIn(family: string, { id, timestamp, signature, body }: Signed): WebhookRequest {
  return requestOf(body, {
    [`${family}-id`]: id,
    [`${family}-timestamp`]: timestamp,
    [`${family}-signature`]: signature,
  });
}

const families: [string, WebhookSource][] = [
  ['webhook', standardWebhooks],
  ['svix', resendWebhooks],
];

for (const [family, source] of families) {
  const verify = (parts: Signed, secrets: readonly string[] = [SECRET], now = NOW) =>
    source.verify(requestIn(family, parts), secrets, at(now));

  test(`${source.name}: the example of Svix's documentation is right`, () => {
    const example = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: '1614265330',
      signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      body: '{"test": 2432232314}',
    };
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    assert.equal(verify(example, secrets, new Date(1_614_265_330_000)), null);
    assert.notEqual(verify(example, secrets), null);
  });

  test(`${source.name}: right, wrong and rotated, on either side`, () => {
    const [old, next] = [signed(keys[0]), signed(keys[1])];
    assert.equal(verify(old), null);
    assert.equal(verify(old, [keys[0].toString('base64')]), null, 'without its prefix');
    assert.equal(verify(old, [secretOf(keys[1]), SECRET]), null);
    assert.equal(verify(old, [secretOf(keys[1])]), `${family}-signature does not match`);
    assert.equal(verify({ ...old, signature: `${next.signature} ${old.signature}` }), null);
    assert.equal(verify({ ...old, signature: `v1a,xyz v2,${old.signature} ${old.signature}` }), null);
    assert.notEqual(verify({ ...old, signature: old.signature.replace('v1,', 'v2,') }), null);
    assert.notEqual(verify({ ...old, signature: old.signature.slice(3) }), null);
  });

  test(`${source.name}: 300 s either way are allowed, a millisecond more is not`, () => {
    const later = (offsetMs: number) => verify(signed(), [SECRET], new Date(SECONDS * 1_000 + offsetMs));
    for (const offset of [-300_000, 0, 300_000]) assert.equal(later(offset), null, String(offset));
    for (const offset of [-300_001, 300_001])
      assert.equal(later(offset), `${family}-timestamp is not within 300 s of now`, String(offset));
    for (const odd of [`${SECONDS}000`, `${SECONDS}.0`, ` ${SECONDS}`, `+${SECONDS}`, '1.7e9'])
      assert.equal(verify(signed(keys[0], odd)), `${family}-timestamp is not within 300 s of now`, odd);
  });

  test(`${source.name}: a secret that holds no key lets nobody sign`, () => {
    for (const secret of ['', 'whsec_', 'whsec_=', 'whsec_A', 'not base64!']) {
      const empty = signed(Buffer.alloc(0));
      assert.equal(verify(empty, [secret]), 'no signing secret of the service is base64, as these must be', secret);
      assert.notEqual(verify(empty, [secret, SECRET]), null);
    }
    assert.notEqual(verify(signed(), []), null);
  });

  test(`${source.name}: what is missing is said by its name`, () => {
    for (const name of ['id', 'timestamp', 'signature'] as const)
      assert.match(String(verify({ ...signed(), [name]: '' })), /is missing$/);
  });

  test(`${source.name}: no mutation of a signature, timestamp, id or body is taken`, () => {
    const right = signed();
    const mutated = fc.oneof(
      mutationOf(right.id).map((id) => ({ ...right, id })),
      mutationOf(right.timestamp).map((timestamp) => ({ ...right, timestamp })),
      mutationOf(right.body).map((body) => ({ ...right, body })),
      // With something beside it, the signature is still there.
      mutationOf(right.signature)
        .filter((signature) => !signature.split(' ').includes(right.signature))
        .map((signature) => ({ ...right, signature })),
    );
    fc.assert(
      fc.property(mutated, (parts) => verify(parts) !== null),
      { numRuns: FORGERIES },
    );
  });

  test(`${source.name}: an attempt has the key of the one before; without an id the body tells`, () => {
    const body = JSON.stringify({ type: family === 'svix' ? 'email.sent' : 'mail.sent', data: {} });
    const keyOf = (id: string, timestamp: string) =>
      source.parse(requestIn(family, { id, timestamp, signature: 'v1,', body }))[0]?.dedupeKey;
    assert.equal(keyOf('msg_1', '1'), 'msg_1');
    assert.equal(keyOf('msg_1', '1'), keyOf('msg_1', '2'));
    assert.match(String(keyOf('', '1')), /^sha256:[0-9a-f]{64}$/);
    assert.match(String(keyOf('x'.repeat(3_000), '1')), /^sha256:[0-9a-f]{64}$/);
  });
}
