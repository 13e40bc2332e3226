// Promise: every mail can carry a working one-click unsubscribe that nobody can forge.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifyToken } from '../../src/rendering/token.ts';
import { bindTrackingOrigin, TRACKING_ORIGIN } from '../../src/rendering/tracking_origin.ts';
import { unsubscribeHeaders } from '../../src/rendering/unsubscribe.ts';
import { mail, trackingId, trackingKey } from './support.ts';

test('the headers are those of RFC 8058 and hold a valid token', () => {
  const headers = unsubscribeHeaders(trackingKey, trackingId, '/unsubscribe');
  assert.equal(headers['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click');
  const [, token = ''] = /^<https:\/\/[^/]+\/unsubscribe\/(.*)>$/.exec(headers['List-Unsubscribe']) ?? [];
  assert.deepEqual(verifyToken([trackingKey], 'u', token), { trackingId, linkNumber: null });
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
