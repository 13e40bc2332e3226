// Promise: every body EngageLab or the original system's senders post is read for what it says, and no body does more harm than WebhookParseError.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { engagelabWebhooks, parseWebhook } from '../../src/providers/engagelab_webhook.ts';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';
import {
  junk as anyJunk,
  assertNothingBreaks,
  only as onlyOf,
  parse as parseBody,
  SUB_TASK,
} from './webhook_support.ts';

const MESSAGE_ID = '1676615711309_104117_18546_8821.sc-10_43_7_16-inbound';
const EMAIL_ID = `${MESSAGE_ID}0$12345@hotmail.com`;
const ITIME = 1_676_615_711_325;
const OCCURRED_AT = '2023-02-17T06:35:11.325Z';

const parse = (value: unknown) => parseBody(engagelabWebhooks, value);
const only = (value: unknown) => onlyOf(engagelabWebhooks, value);

const status = (message_status: string, more: object = {}) => ({
  server: 'email',
  message_id: MESSAGE_ID,
  from: 'news@example.com',
  subject: 'Hello',
  to: '12345@hotmail.com',
  itime: ITIME,
  custom_args: { subtask_id: SUB_TASK },
  status: { message_status, status_data: { message: 'said', task_id: -1, email_id: EMAIL_ID, label_id: 0 }, ...more },
});

const response = (event: string, data: object = {}) => ({
  server: 'email',
  itime: ITIME,
  custom_args: { subtask_id: SUB_TASK },
  response: { event, response_data: { email_id: EMAIL_ID, ip: '192.0.2.1', ...data } },
});

test('the documented example of a target event is understood', () => {
  const documented = {
    server: 'email',
    message_id: MESSAGE_ID,
    itime: ITIME,
    status: {
      message_status: 'target',
      status_data: {
        email_ids: [EMAIL_ID],
        task_id: '-1',
        api_user: 'user',
        from: 'news@example.com',
        subject: 'Hello',
        tos: ['12345@hotmail.com'],
        message: 'successfully request',
        label_id: 0,
      },
    },
    custom_args: {},
  };
  assert.deepEqual(only(documented), {
    kind: 'other',
    occurredAt: OCCURRED_AT,
    dedupeKey: `${EMAIL_ID} target ${ITIME}`,
    subTaskId: null,
    subTaskIdFrom: null,
    messageId: EMAIL_ID,
    trackingId: null,
    recipient: '12345@hotmail.com',
    machine: null,
    detail: { reason: 'successfully request' },
  });
});

test('each word of EngageLab has its kind', () => {
  const kinds = {
    sent: only(status('sent')).kind,
    delivered: only(status('delivered')).kind,
    soft_bounce: only(status('soft_bounce')).kind,
    invalid_email: only(status('invalid_email')).kind,
    something_new: only(status('something_new')).kind,
    open: only(response('open')).kind,
    click: only(response('click')).kind,
    unsubscribe: only(response('unsubscribe')).kind,
    report_spam: only(response('report_spam')).kind,
    route: only(response('route')).kind,
    constructor: only(response('constructor')).kind,
  };
  assert.deepEqual(kinds, {
    sent: 'sent',
    delivered: 'delivered',
    soft_bounce: 'soft_bounce',
    invalid_email: 'hard_bounce',
    something_new: 'other',
    open: 'open',
    click: 'click',
    unsubscribe: 'unsubscribe',
    report_spam: 'complaint',
    route: 'other',
    constructor: 'other',
  });
});

test('only a sub-status that speaks of the address makes a hard bounce', () => {
  const kindOf = (sub_stat: unknown) =>
    only(status('invalid_email', { error_detail: { message: 'm', sub_stat } })).kind;
  for (const hard of [404, 406, 506, '406']) assert.equal(kindOf(hard), 'hard_bounce', String(hard));
  for (const soft of [403, 405, 407, 408, 409, 503, 505, 507, 508, 509, 999]) assert.equal(kindOf(soft), 'soft_bounce');
  for (const listed of [401, 402]) assert.equal(kindOf(listed), 'failed');
  const suppressed = only(status('invalid_email', { error_detail: { message: 'unsubscribed', sub_stat: 402 } }));
  assert.deepEqual(suppressed.detail, { reason: 'already suppressed at provider: unsubscribed', sub_status: '402' });
});

test('an open without message id and recipient is told by its email id', () => {
  const event = only(response('open', { user_agent: 'Mozilla/5.0' }));
  assert.partialDeepStrictEqual(event, {
    messageId: EMAIL_ID,
    recipient: '12345@hotmail.com',
    subTaskId: SUB_TASK,
    machine: true,
    detail: { ip: '192.0.2.1', user_agent: 'Mozilla/5.0' },
  });
});

test('only the known proxies are taken for machines', () => {
  const machine = (user_agent?: string) => only(response('open', { user_agent })).machine;
  assert.equal(
    machine('Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)'),
    true,
  );
  assert.equal(machine('Mozilla/5.0 (Windows NT 10.0; Win64; x64)'), null);
  assert.equal(machine(undefined), null);
});

test('two clicks in one millisecond on two links are two events; the same one twice is one', () => {
  const click = (url: string) => only(response('click', { url, explorer_name: 'Chrome', os_name: 'Windows' }));
  assert.notEqual(click('https://a.example').dedupeKey, click('https://b.example').dedupeKey);
  assert.equal(click('https://a.example').dedupeKey, click('https://a.example').dedupeKey);
  assert.partialDeepStrictEqual(click('https://a.example').detail, {
    url: 'https://a.example',
    explorer_name: 'Chrome',
    os_name: 'Windows',
  });
  assert.ok(click(`https://a.example/${'x'.repeat(5_000)}`).dedupeKey.length < 100);
});

test('without a time or an id the whole event is its key', () => {
  const opened = (ip: string) => only({ event: 'open', custom_args: { subtask_id: SUB_TASK }, ip });
  assert.match(opened('192.0.2.1').dedupeKey, /^sha256:[0-9a-f]{64}$/);
  assert.notEqual(opened('192.0.2.1').dedupeKey, opened('192.0.2.2').dedupeKey);
  assert.equal(opened('192.0.2.1').dedupeKey, opened('192.0.2.1').dedupeKey);
});

test('the flat form of the original system is understood', () => {
  const flat = (event: string, more: object = {}) =>
    only({ event, message_id: 'm-1', custom_args: { subtask_id: SUB_TASK }, ...more });
  assert.partialDeepStrictEqual(flat('delivered', { timestamp: '2023-02-17T06:35:11.325Z' }), {
    kind: 'delivered',
    messageId: 'm-1',
    subTaskId: SUB_TASK,
    occurredAt: OCCURRED_AT,
  });
  assert.equal(flat('open').kind, 'open');
  assert.equal(flat('click', { url: 'https://a.example' }).kind, 'click');
  assert.equal(flat('unsubscribe').kind, 'unsubscribe');
  assert.equal(flat('bounce').kind, 'hard_bounce');
  assert.equal(flat('bounce', { bounce_type: 'hard' }).kind, 'hard_bounce');
  assert.equal(flat('bounce', { type: 'Transient' }).kind, 'soft_bounce');
  assert.equal(flat('bounce', { bounce_type: 'soft', reason: 'full' }).kind, 'soft_bounce');
  assert.equal(flat('bounce', { reason: 'full' }).detail['reason'], 'full');
  assert.equal(only({ event_type: 'opened', email_id: 'e-1', recipient: 'a@b.c' }).recipient, 'a@b.c');
});

test('a sub-task id is a UUID or none, wherever it stands', () => {
  const idOf = (body: object) => only({ event: 'open', message_id: 'm', ...body }).subTaskId;
  assert.equal(idOf({ custom_args: { subtask_id: SUB_TASK.toUpperCase() } }), SUB_TASK);
  assert.equal(idOf({ custom_args: JSON.stringify({ subtask_id: SUB_TASK }) }), SUB_TASK);
  assert.equal(idOf({ unique_args: { subtask_id: SUB_TASK } }), SUB_TASK);
  for (const custom_args of [{ subtask_id: 'subtask_001' }, { subtask_id: 7 }, 'not json', '[]', null, [], 3])
    assert.equal(idOf({ custom_args }), null);
});

test('it is told whether the id stood in the arguments that we gave or elsewhere', () => {
  const from = (body: object) => only({ event: 'open', message_id: 'm', ...body }).subTaskIdFrom;
  assert.equal(from({ custom_args: { subtask_id: SUB_TASK } }), 'custom_args');
  assert.equal(from({ custom_args: JSON.stringify({ subtask_id: SUB_TASK }) }), 'payload');
  assert.equal(from({ unique_args: { subtask_id: SUB_TASK } }), 'payload');
  assert.equal(from({ subtask_id: SUB_TASK }), 'payload');
  assert.equal(from({}), null);
});

test('a time is seconds, milliseconds or ISO 8601; nonsense is null', () => {
  const at = (itime: unknown) => only({ event: 'open', message_id: 'm', itime }).occurredAt;
  assert.equal(at(1_676_615_711), '2023-02-17T06:35:11.000Z');
  assert.equal(at(String(ITIME)), OCCURRED_AT);
  assert.equal(at('2023-02-17T14:35:11.325+08:00'), OCCURRED_AT);
  for (const nonsense of [0, -1, 12, 9_999_999_999_999, 1e300, 'soon', '', '2023-99-99', null, {}, 900_000_000])
    assert.equal(at(nonsense), null, String(nonsense));
});

test('an object, an array and rows hold their events; pings hold none', () => {
  const events = [status('sent'), response('open')];
  assert.equal(parse(events).length, 2);
  assert.equal(parse({ total: 2, rows: events }).length, 2);
  assert.equal(parse([...events, null, 7, 'x', []]).length, 2);
  for (const ping of [{}, [], { test: true }, { test: true, event: 'delivered' }, { rows: [] }])
    assert.deepEqual(parse(ping), []);
  for (const empty of ['', ' \n', '\uFEFF']) assert.deepEqual(parseWebhook(Buffer.from(empty)), []);
  assert.equal(parseWebhook(Buffer.from(`\uFEFF${JSON.stringify(status('sent'))}`)).length, 1);
});

test('what is no JSON object or array is not read at all', () => {
  for (const body of ['{', 'event=open', 'null', 'true', '7', '"open"', '<html>'])
    assert.throws(() => parseWebhook(Buffer.from(body)), WebhookParseError, body);
});

test('nesting that exhausts the stack takes nothing from the event', () => {
  const deep = `{"event":"open","x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
  assert.deepEqual(
    parseWebhook(Buffer.from(deep)).map(({ kind }) => kind),
    ['open'],
  );
});

test('what Postgres refuses is taken out of every text, and long texts are cut', () => {
  const event = only({
    event: 'bounce',
    message_id: 'm\u00001',
    to: '\ud800@b.c',
    reason: `\u0000${'é'.repeat(10_000)}`,
    url: 'x'.repeat(10_000),
  });
  assert.equal(event.messageId, 'm1');
  assert.equal(event.recipient, '\ufffd@b.c');
  assert.equal(Buffer.byteLength(String(event.detail['reason'])), 500);
  assert.equal(String(event.detail['url']).length, 2_000);
});

const junk = fc.oneof(anyJunk, fc.constantFrom('open', 'bounce', 'invalid_email', EMAIL_ID, ITIME, 406));
const names = [
  'event',
  'event_type',
  'message_id',
  'email_id',
  'email_ids',
  'to',
  'itime',
  'timestamp',
  'custom_args',
  'url',
  'type',
  'sub_stat',
  'rows',
  'test',
  '__proto__',
  'user_agent',
  'reason',
];
const someFields = fc.dictionary(fc.constantFrom(...names), junk);
const shaped = fc.record(
  {
    status: fc.record(
      { message_status: junk, status_data: someFields, error_detail: fc.oneof(someFields, junk) },
      { requiredKeys: [] },
    ),
    response: fc.record({ event: junk, response_data: fc.oneof(someFields, junk) }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const anEvent = fc.tuple(someFields, shaped).map(([a, b]) => ({ ...a, ...b }));

test('whatever the body, nothing breaks', () => {
  assertNothingBreaks(engagelabWebhooks, fc.oneof(anEvent, fc.array(anEvent), fc.record({ rows: fc.array(anEvent) })));
});
