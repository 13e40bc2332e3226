// Promise: a request counts as EngageLab's only when it is signed with the APP KEY, by either documented scheme, within 300 s of now.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { engagelabWebhooks } from '../../src/providers/engagelab_webhook.ts';
import { at, FORGERIES, mutationOf, requestOf } from './webhook_support.ts';

const APP_KEY = 'app-key-of-a-test';
const SECONDS = 1_700_000_000;
const NOW = new Date(SECONDS * 1_000);

const schemes = {
  md5: (timestamp: string, appKey: string) => createHash('md5').update(`${timestamp}email${appKey}`).digest('hex'),
  hmac: (timestamp: string, appKey: string) => createHmac('sha256', appKey).update(timestamp).digest('hex'),
};

const headersOf = (timestamp: string, signature: string) => ({
  'x-webhook-timestamp': timestamp,
  'x-webhook-appkey': 'email',
  'x-webhook-signature': signature,
});

const verify = (headers: Record<string, string | string[]>, secrets = [APP_KEY], now = NOW) =>
  engagelabWebhooks.verify(requestOf('{}', headers), secrets, at(now));

for (const [name, sign] of Object.entries(schemes)) {
  test(`${name}: right, wrong, rotated, in seconds and milliseconds`, () => {
    for (const timestamp of [String(SECONDS), `${SECONDS}000`]) {
      const headers = headersOf(timestamp, sign(timestamp, APP_KEY));
      assert.equal(verify(headers), null);
      assert.equal(verify({ ...headers, 'x-webhook-signature': headers['x-webhook-signature'].toUpperCase() }), null);
      assert.equal(verify(headers, ['the-next-key', APP_KEY]), null);
      assert.equal(verify(headers, ['the-next-key']), 'X-WebHook-Signature does not match');
      assert.equal(verify(headers, []), 'X-WebHook-Signature does not match');
    }
  });

  test(`${name}: an empty key is no key`, () => {
    const timestamp = String(SECONDS);
    assert.notEqual(verify(headersOf(timestamp, sign(timestamp, '')), ['']), null);
  });

  test(`${name}: 300 s either way are allowed, a millisecond more is not`, () => {
    const timestamp = String(SECONDS);
    const headers = headersOf(timestamp, sign(timestamp, APP_KEY));
    const later = (offsetMs: number) => verify(headers, [APP_KEY], new Date(SECONDS * 1_000 + offsetMs));
    for (const offset of [-300_000, 0, 300_000]) assert.equal(later(offset), null, String(offset));
    for (const offset of [-300_001, 300_001])
      assert.equal(later(offset), 'X-WebHook-Timestamp is not within 300 s of now', String(offset));
  });

  test(`${name}: no mutation of a timestamp or a signature is taken`, () => {
    const timestamp = String(SECONDS);
    const headers = headersOf(timestamp, sign(timestamp, APP_KEY));
    const mutated = fc.oneof(
      mutationOf(timestamp).map((text) => ({ ...headers, 'x-webhook-timestamp': text })),
      mutationOf(headers['x-webhook-signature'])
        .filter((text) => text.toLowerCase() !== headers['x-webhook-signature'])
        .map((text) => ({ ...headers, 'x-webhook-signature': text })),
    );
    fc.assert(
      fc.property(mutated, (each) => verify(each) !== null),
      { numRuns: FORGERIES },
    );
  });
}

test('the HMAC does not need the AppKey; the md5 covers it, and it can not take digits from the timestamp', () => {
  const timestamp = `${SECONDS}123`;
  const md5 = schemes.md5(timestamp, APP_KEY);
  const bare = { 'x-webhook-timestamp': timestamp, 'x-webhook-signature': schemes.hmac(timestamp, APP_KEY) };
  assert.equal(verify(bare), null);
  assert.notEqual(verify({ ...bare, 'x-webhook-signature': md5 }), null);
  assert.notEqual(verify({ ...headersOf(timestamp, md5), 'x-webhook-appkey': 'sms' }), null);
  const moved = { ...headersOf(String(SECONDS), md5), 'x-webhook-appkey': '123email' };
  assert.equal(verify(moved), 'X-WebHook-Signature does not match');
});

test('what is missing, empty or there twice is no signature', () => {
  const timestamp = String(SECONDS);
  const headers = headersOf(timestamp, schemes.hmac(timestamp, APP_KEY));
  for (const name of ['x-webhook-timestamp', 'x-webhook-signature'] as const) {
    for (const value of ['', [], [headers[name], headers[name]]])
      assert.equal(verify({ ...headers, [name]: value }), 'X-WebHook-Timestamp or X-WebHook-Signature is missing');
    assert.equal(verify({ ...headers, [name]: [headers[name]] }), null);
  }
});

test('no reason names the key', () => {
  for (const headers of [{}, headersOf(String(SECONDS), APP_KEY), headersOf(APP_KEY, '00')])
    assert.ok(!String(verify(headers)).includes(APP_KEY));
});
