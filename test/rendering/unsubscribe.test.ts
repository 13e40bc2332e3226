// Promise: every mail can carry a working one-click unsubscribe that nobody can forge, and the page behind it does nothing until asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyToken } from '../../src/rendering/token.ts';
import { bindTrackingOrigin, TRACKING_ORIGIN } from '../../src/rendering/tracking_origin.ts';
import { unsubscribeHeaders } from '../../src/rendering/unsubscribe.ts';
import { unsubscribePage } from '../../src/rendering/unsubscribe_page.ts';
import { mail, trackingId, trackingKey } from './support.ts';

test('the headers are those of RFC 8058 and hold a valid token', () => {
  const headers = unsubscribeHeaders(trackingKey, trackingId, '/unsubscribe');
  assert.equal(headers['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click');
  const [, token = ''] = /^<https:\/\/[^/]+\/unsubscribe\/(.*)>$/.exec(headers['List-Unsubscribe']) ?? [];
  assert.deepEqual(verifyToken(trackingKey, 'u', token), { trackingId, linkNumber: null });
});

test('unsubscribe_url is the header’s address, in every part', () => {
  const part = '{{ unsubscribe_url }}';
  const { html, text, subject } = mail({ subject: part, html: part, text: part });
  const expected = unsubscribeHeaders(trackingKey, trackingId, '/unsubscribe')['List-Unsubscribe'].slice(1, -1);
  assert.deepEqual([subject, html, text], [expected, expected, expected]);
});

test('at hand-over the placeholder becomes the service’s origin, everywhere and literally', () => {
  const bound = bindTrackingOrigin(`<${TRACKING_ORIGIN}/a> ${TRACKING_ORIGIN}/b`, 'https://t.example.com/$&');
  assert.equal(bound, '<https://t.example.com/$&/a> https://t.example.com/$&/b');
  assert.equal(bindTrackingOrigin('nothing to do', 'https://t.example.com'), 'nothing to do');
});

test('the page asks by a form, without scripts', () => {
  const page = unsubscribePage({ state: 'ask', action: '/u/x?a=1&b="<', language: 'en' });
  assert.ok(page.includes('<form method="post" action="/u/x?a=1&amp;b=&quot;&lt;">'));
  assert.ok(page.includes('name="List-Unsubscribe" value="One-Click"'));
  assert.ok(page.includes('<html lang="en">') && page.includes('width=device-width'));
  assert.ok(!page.includes('<script'));
});

test('there is nothing to press when it is done or the link is no good, in both languages', () => {
  for (const language of ['en', 'zh'] as const) {
    for (const state of ['done', 'invalid'] as const) {
      assert.ok(!unsubscribePage({ state, action: '/u', language }).includes('<form'));
    }
  }
  assert.ok(unsubscribePage({ state: 'done', action: '/u', language: 'zh' }).includes('已退订'));
});
