// Promise: every event that Resend documents is read for what it says, and no body does more harm than WebhookParseError.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resendWebhooks } from '../../src/providers/resend_webhook.ts';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';
import { assertNothingBreaks, junk, only, parse, SUB_TASK } from './webhook_support.ts';

const EMAIL_ID = '56761188-7520-42d8-8898-ff6fc54ce618';

const event = (type: string, more: object = {}) => ({
  type,
  created_at: '2024-02-22T23:41:12.126Z',
  data: {
    created_at: '2024-02-22T23:41:11.894719+00:00',
    email_id: EMAIL_ID,
    from: 'News <news@example.com>',
    to: ['Reader@example.com'],
    subject: 'Hello',
    ...more,
  },
});

const read = (body: unknown) =>
  only(resendWebhooks, body, { 'svix-id': 'msg_1', 'svix-timestamp': '1', 'svix-signature': 'v1,' });

test('a delivery is read whole', () => {
  assert.deepEqual(read(event('email.delivered', { tags: { subtask_id: SUB_TASK } })), {
    kind: 'delivered',
    occurredAt: '2024-02-22T23:41:12.126Z',
    dedupeKey: 'msg_1',
    subTaskId: SUB_TASK,
    subTaskIdFrom: 'custom_args',
    messageId: EMAIL_ID,
    trackingId: null,
    recipient: 'reader@example.com',
    machine: null,
    detail: {},
  });
});

test('each documented type has its kind', () => {
  const kinds = {
    'email.sent': 'sent',
    'email.delivered': 'delivered',
    'email.delivery_delayed': 'deferred',
    'email.complained': 'complaint',
    'email.bounced': 'hard_bounce',
    'email.opened': 'open',
    'email.clicked': 'click',
    'email.failed': 'failed',
    'email.suppressed': 'failed',
    'email.scheduled': 'other',
    'email.received': 'other',
    'email.constructor': 'other',
  };
  for (const [type, kind] of Object.entries(kinds)) assert.equal(read(event(type)).kind, kind, type);
});

test('what is not about a mail holds no event', () => {
  for (const type of ['contact.created', 'domain.updated', 'suppression.added', 'inbox.email.sent', 7, null])
    assert.deepEqual(parse(resendWebhooks, { type, data: { id: '1', email: 'a@example.com' } }), []);
  for (const empty of ['', ' ', '{}']) assert.deepEqual(parse(resendWebhooks, empty), []);
});

test('only a bounce that speaks of the address is a hard one', () => {
  const kindOf = (type: string, subType: string, more: object = {}) =>
    read(event('email.bounced', { bounce: { type, subType, message: 'said', ...more } })).kind;
  assert.equal(kindOf('Permanent', 'General'), 'hard_bounce');
  assert.equal(kindOf('Permanent', 'NoEmail'), 'hard_bounce');
  assert.equal(kindOf('Permanent', 'General', { diagnosticCode: ['smtp; 550 5.1.1 user unknown'] }), 'hard_bounce');
  assert.equal(kindOf('Permanent', 'General', { diagnosticCode: ['smtp; 550 5.7.1 blocked'] }), 'soft_bounce');
  assert.equal(kindOf('Permanent', 'Suppressed'), 'failed');
  assert.equal(kindOf('Permanent', 'OnAccountSuppressionList'), 'failed');
  for (const subType of ['General', 'MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected'])
    assert.equal(kindOf('Transient', subType), 'soft_bounce', subType);
  assert.equal(kindOf('Undetermined', 'Undetermined'), 'soft_bounce');
});

test('a bounce, a failure and a suppression say why', () => {
  const bounce = { type: 'Transient', subType: 'MailboxFull', message: 'full', diagnosticCode: ['smtp; 452 4.2.2'] };
  assert.deepEqual(read(event('email.bounced', { bounce })).detail, {
    reason: 'full',
    bounce_type: 'Transient',
    bounce_sub_type: 'MailboxFull',
    diagnostic: 'smtp; 452 4.2.2',
  });
  assert.deepEqual(read(event('email.failed', { failed: { reason: 'reached_daily_quota' } })).detail, {
    reason: 'reached_daily_quota',
  });
  const suppressed = { message: 'It bounced before.', type: 'OnAccountSuppressionList' };
  assert.deepEqual(read(event('email.suppressed', { suppressed })).detail, {
    reason: 'It bounced before.',
    bounce_type: 'OnAccountSuppressionList',
  });
});

test('a click has its own time, link and agent', () => {
  const click = (userAgent: string) => ({
    ipAddress: '192.0.2.1',
    link: 'https://example.com/offer',
    timestamp: '2024-11-24T05:00:57.163Z',
    userAgent,
  });
  assert.partialDeepStrictEqual(read(event('email.clicked', { click: click('Mozilla/5.0 (X11) Firefox/131.0') })), {
    occurredAt: '2024-11-24T05:00:57.163Z',
    machine: null,
    detail: { url: 'https://example.com/offer', ip: '192.0.2.1', user_agent: 'Mozilla/5.0 (X11) Firefox/131.0' },
  });
  assert.equal(read(event('email.clicked', { click: click('Mozilla/5.0') })).machine, true);
});

test('the SubTask is found by tags in either form, by our header, and by the Message-ID that we wrote', () => {
  const found = (more: object) => {
    const { subTaskId, subTaskIdFrom, messageId, trackingId } = read(event('email.sent', more));
    return [subTaskId, subTaskIdFrom, messageId, trackingId];
  };
  const list = [{ name: 'subtask_id', value: SUB_TASK }, { name: 'tracking_id', value: 'abc' }, null, 7];
  assert.deepEqual(found({ tags: list }), [SUB_TASK, 'custom_args', EMAIL_ID, 'abc']);
  const headers = [{ name: 'x-postilion-sub-task', value: SUB_TASK }];
  assert.deepEqual(found({ headers }), [SUB_TASK, 'payload', EMAIL_ID, null]);
  const own = `${SUB_TASK}.0@news.example.com`;
  assert.deepEqual(found({ message_id: `<${own}>` }), [SUB_TASK, 'payload', own, null]);
  assert.deepEqual(found({ message_id: '<another@example.com>' }), [null, null, EMAIL_ID, null]);
  assert.deepEqual(found({ tags: { subtask_id: 'no uuid' } }), [null, null, EMAIL_ID, null]);
});

test('of several recipients none is named', () => {
  assert.equal(read(event('email.opened', { to: ['a@example.com', 'b@example.com'] })).recipient, null);
  assert.equal(read(event('email.opened', { to: 'News Reader <A@example.com>' })).recipient, 'a@example.com');
});

test('times are ISO 8601 in the forms seen; nonsense is null', () => {
  const at = (created_at: unknown) => read({ ...event('email.sent'), created_at }).occurredAt;
  assert.equal(at('2025-12-29 19:22:57.316919+00'), '2025-12-29T19:22:57.316Z');
  assert.equal(at('2025-12-29T19:22:57+0530'), '2025-12-29T13:52:57.000Z');
  assert.equal(at('2025-12-29T19:22:57'), '2025-12-29T19:22:57.000Z');
  for (const nonsense of ['soon', '1999-01-01T00:00:00Z', '9999-01-01T00:00:00Z', '2025-99-99T00:00:00Z', 7, null, {}])
    assert.equal(at(nonsense), null, String(nonsense));
});

test('what is no JSON object is not read at all', () => {
  for (const body of ['{', 'type=email.sent', 'null', '[]', '7', '"email.sent"'])
    assert.throws(() => parse(resendWebhooks, body), WebhookParseError, body);
  const deep = `{"type":"email.sent","data":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  assert.equal(read(deep).kind, 'sent');
});

test('whatever the body, nothing breaks', () => {
  const fields = ['email_id', 'message_id', 'to', 'tags', 'headers', 'bounce', 'click', 'failed', 'suppressed'];
  const shaped = fc.record({
    type: fc.constantFrom('email.sent', 'email.bounced', 'email.clicked', 'email.x'),
    created_at: junk,
    data: fc.dictionary(
      fc.constantFrom(...fields),
      fc.oneof(junk, fc.dictionary(fc.constantFrom('type', 'link', 'name', 'value', 'subtask_id'), junk)),
    ),
  });
  assertNothingBreaks(resendWebhooks, shaped);
});
