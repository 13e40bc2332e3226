// Promise: our own form, as docs/webhooks.md writes it down, is read for what it says, and a field of the wrong type is named.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import fc from 'fast-check';
import { standardWebhooks } from '../../src/providers/standard_webhook.ts';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';
import { assertNothingBreaks, junk, only, parse, SUB_TASK } from './webhook_support.ts';

const read = (body: unknown) => only(standardWebhooks, body, { 'webhook-id': 'msg_1' });
const event = (type: string, data: object = {}) => ({ type, timestamp: '2026-11-20T08:15:30Z', data });

test('the example in the documentation is read whole', async () => {
  const page = await readFile(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
  const [, example = ''] = page.match(/```json\n(\{\s*"type": "mail\.[^`]*)```/) ?? [];
  assert.deepEqual(read(example), {
    kind: 'soft_bounce',
    occurredAt: '2026-11-20T08:15:30.000Z',
    dedupeKey: 'msg_1',
    subTaskId: '018f3c1e-7d2a-7c4b-9a51-3f2b6c8d9e0f',
    subTaskIdFrom: 'custom_args',
    messageId: '018f3c1e-7d2a-7c4b-9a51-3f2b6c8d9e0f.0@news.example.com',
    trackingId: 'Xk3vT9qLmZ0aBcDe',
    recipient: 'reader@example.com',
    machine: null,
    detail: { reason: '452 4.2.2 mailbox full' },
  });
});

test('each of our kinds has its type; another mail.* is other; anything else is no event of a mail', () => {
  const kinds = ['sent', 'delivered', 'deferred', 'soft_bounce', 'hard_bounce', 'complaint', 'open', 'click'];
  for (const kind of [...kinds, 'unsubscribe', 'failed', 'other']) assert.equal(read(event(`mail.${kind}`)).kind, kind);
  for (const type of ['mail.read', 'mail.', 'mail.constructor']) assert.equal(read(event(type)).kind, 'other');
  for (const type of ['user.created', 'mail', '']) assert.deepEqual(parse(standardWebhooks, event(type)), []);
  for (const empty of ['', '{}']) assert.deepEqual(parse(standardWebhooks, empty), []);
});

test('ids and addresses are brought into their form', () => {
  const data = {
    sub_task_id: SUB_TASK.toUpperCase(),
    message_id: '<a@b>',
    recipient: ' A@Example.com ',
    machine: true,
  };
  assert.partialDeepStrictEqual(read(event('mail.open', data)), {
    subTaskId: SUB_TASK,
    messageId: 'a@b',
    recipient: 'a@example.com',
    machine: true,
  });
  const nothing = {
    sub_task_id: null,
    message_id: null,
    tracking_id: null,
    recipient: null,
    machine: null,
    detail: null,
  };
  assert.partialDeepStrictEqual(read(event('mail.open', nothing)), {
    subTaskId: null,
    subTaskIdFrom: null,
    messageId: null,
    trackingId: null,
    recipient: null,
    machine: null,
    detail: {},
  });
});

test('detail is kept small and fit for Postgres', () => {
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, i]));
  assert.equal(Object.keys(read(event('mail.open', { detail: many })).detail).length, 20);
  const detail = { note: 'x'.repeat(10_000), url: 'u'.repeat(10_000), 'a\u0000': 'b\ud800', yes: true, none: null };
  assert.deepEqual(read(event('mail.click', { detail })).detail, {
    note: 'x'.repeat(500),
    url: 'u'.repeat(2_000),
    a: 'b\ufffd',
    yes: true,
    none: null,
  });
});

test('a fault names the field', () => {
  const faults: [unknown, RegExp][] = [
    ['{', /not JSON/],
    ['[]', /not an object/],
    [{ data: {} }, /^type: /],
    [{ type: 'mail.open' }, /^data: /],
    [event('mail.open', { sub_task_id: '7' }), /^data\.sub_task_id: /],
    [event('mail.open', { machine: 'yes' }), /^data\.machine: /],
    [event('mail.open', { detail: { nested: {} } }), /^data\.detail\.nested: /],
    [{ ...event('mail.open'), timestamp: 7 }, /^timestamp: /],
  ];
  for (const [body, message] of faults)
    assert.throws(
      () => parse(standardWebhooks, body),
      (error) => error instanceof WebhookParseError && message.test(error.message),
    );
});

test('whatever the body, nothing breaks', () => {
  const names = ['sub_task_id', 'message_id', 'tracking_id', 'recipient', 'machine', 'detail'];
  const text = fc.oneof(fc.string({ unit: 'binary' }), junk, fc.constant(null));
  const detail = fc.dictionary(fc.string({ unit: 'binary' }), fc.oneof(fc.string({ unit: 'binary' }), fc.boolean()));
  const shaped = fc.record({
    type: fc.oneof(fc.constantFrom('mail.open', 'mail.x', 'other'), junk),
    timestamp: fc.oneof(
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      text,
    ),
    data: fc.oneof(fc.dictionary(fc.constantFrom(...names), text), fc.record({ detail, recipient: fc.emailAddress() })),
  });
  assertNothingBreaks(standardWebhooks, shaped);
});
