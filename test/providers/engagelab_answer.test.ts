// Promise: each answer of EngageLab's comes to the one outcome that neither sends a mail twice nor fails one that could still be sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/providers/provider.ts';
import { aMail, httpServer, senderFor, TIMEOUT_MS } from '../simulator/support.ts';

const json = (value: unknown) => JSON.stringify(value);
const problem = (code: number, message: string) => json({ code, message });

/** Status, headers, body, and what they come to. */
const ANSWERS: [number, Record<string, string>, string, Partial<Outcome>][] = [
  [
    200,
    {},
    json({ email_ids: ['id0$ada@example.org'], request_id: null }),
    { kind: 'accepted', messageId: 'id0$ada@example.org' },
  ],
  [200, {}, '<html>', { kind: 'unknown', code: 'answer', message: '<html>' }],
  [200, {}, json({ email_ids: [] }), { kind: 'unknown', code: 'answer' }],
  [200, {}, '', { kind: 'unknown', code: 'answer', message: 'HTTP 200' }],
  [302, { location: 'https://elsewhere.example' }, '', { kind: 'unusable', reason: 'configuration' }],
  [401, {}, problem(30_000, 'Authentication failed'), { kind: 'unusable', reason: 'authentication', code: '30000' }],
  [400, {}, problem(30_000, 'Authentication failed'), { kind: 'unusable', reason: 'authentication' }],
  [401, {}, '', { kind: 'unusable', reason: 'authentication', code: 'http_401' }],
  [400, {}, problem(30_877, 'Sorry, your account balance is not enough'), { kind: 'unusable', reason: 'balance' }],
  [400, {}, problem(1, 'Insufficient balance'), { kind: 'unusable', reason: 'balance' }],
  [400, {}, problem(1, '余额不足'), { kind: 'unusable', reason: 'balance' }],
  [400, {}, problem(1, 'refused by the load balancer'), { kind: 'deferred' }],
  [404, {}, 'not found', { kind: 'unusable', reason: 'configuration' }],
  [
    400,
    {},
    problem(30_801, 'From can not be empty'),
    { kind: 'refused', code: '30801', message: 'From can not be empty' },
  ],
  [400, {}, problem(30_862, 'header'), { kind: 'refused', code: '30862' }],
  [400, {}, problem(30_893, 'The custom_args must be json format'), { kind: 'refused', code: '30893' }],
  [400, {}, json({ code: '30893', message: 'custom_args' }), { kind: 'refused', code: '30893' }],
  [400, {}, problem(2, 'ADA@example.org is not valid'), { kind: 'refused', code: '2' }],
  [400, {}, problem(2, 'To format is invalid'), { kind: 'refused' }],
  [400, {}, problem(2, 'From address is invalid, write to support'), { kind: 'deferred' }],
  [400, {}, problem(2, 'Parameter is invalid'), { kind: 'deferred', code: '2', retryAfterMs: null }],
  [418, {}, 'teapot', { kind: 'deferred', code: 'http_418', message: 'teapot' }],
  [429, {}, '', { kind: 'deferred', code: 'http_429', message: 'HTTP 429', retryAfterMs: null }],
  [429, { 'retry-after': '7' }, '', { kind: 'deferred', retryAfterMs: 7_000 }],
  [429, { 'retry-after': 'soon' }, '', { kind: 'deferred', retryAfterMs: null }],
  [429, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }, '', { kind: 'deferred', retryAfterMs: 0 }],
  [503, { 'retry-after': '2' }, '', { kind: 'deferred', retryAfterMs: 2_000 }],
  [503, {}, '', { kind: 'unknown', code: 'http_503' }],
  [500, {}, problem(3, 'oops'), { kind: 'unknown', code: '3', message: 'oops' }],
  [502, {}, 'account balance', { kind: 'unknown', code: 'http_502' }],
  [504, {}, '', { kind: 'unknown' }],
];

for (const [status, headers, body, expected] of ANSWERS) {
  test(`${status} ${JSON.stringify(headers)} ${body || 'without a body'} comes to ${expected.kind}`, async (t) => {
    const url = await httpServer(t, (request, response) => {
      request.resume().on('end', () => response.writeHead(status, headers).end(body));
    });
    assert.partialDeepStrictEqual(await senderFor(t, url).send(aMail(), TIMEOUT_MS), expected);
  });
}
