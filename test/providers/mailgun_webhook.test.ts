// Promise: every event Mailgun documents is read for what it says, and only what its key has signed lately is believed.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { mailgunWebhooks } from '../../src/providers/mailgun_webhook.ts';
import { at, NOW, only, parse, requestOf, SUB_TASK, seconds } from './webhook_support.ts';

const MESSAGE_ID = '20180812211713.1.DF5966851B4BAA99@example.org';

const report = (event: string, more: object = {}) => ({
  signature: { timestamp: '1534108637', token: '651869375b9df3c98fc15c4889b102119add1235c38fc92824', signature: '…' },
  'event-data': {
    event,
    id: 'hTWCTD81RtiDN-abcdefgh',
    timestamp: 1_534_108_637.153125,
    'log-level': 'info',
    recipient: 'Recipient@example.com',
    'user-variables': { subtask_id: SUB_TASK, tracking_id: 'track-1' },
    message: { headers: { to: 'recipient@example.com', 'message-id': MESSAGE_ID, from: 'test@example.org' } },
    ...more,
  },
});

const read = (event: string, more: object = {}) => only(mailgunWebhooks, report(event, more));
const failed = (severity: string, reason: string | null, status: object = {}) =>
  read('failed', { severity, reason, 'delivery-status': status });

test('a click has all of its fields', () => {
  const click = {
    url: 'https://example.com/offer',
    ip: '192.0.2.1',
    'client-info': {
      'client-type': 'browser',
      bot: '',
      'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_13_6)',
    },
  };
  assert.deepEqual(read('clicked', click), {
    kind: 'click',
    occurredAt: '2018-08-12T21:17:17.153Z',
    dedupeKey: 'hTWCTD81RtiDN-abcdefgh 2018-08-12T21:17:17.153Z',
    subTaskId: SUB_TASK,
    subTaskIdFrom: 'custom_args',
    messageId: MESSAGE_ID,
    trackingId: 'track-1',
    recipient: 'recipient@example.com',
    machine: null,
    detail: { event: 'clicked', url: click.url, ip: click.ip, user_agent: click['client-info']['user-agent'] },
  });
});

test('each event has its kind', () => {
  const kinds = {
    accepted: 'sent',
    delivered: 'delivered',
    rejected: 'failed',
    opened: 'open',
    clicked: 'click',
    unsubscribed: 'unsubscribe',
    complained: 'complaint',
    stored: 'other',
    list_member_uploaded: 'other',
    constructor: 'other',
  };
  for (const [event, kind] of Object.entries(kinds)) assert.equal(read(event).kind, kind, event);
});

test('a permanent failure is a hard bounce when the address is at fault', () => {
  const noSuchUser = { code: 550, message: '5.1.1 The email account that you tried to reach does not exist.' };
  assert.equal(failed('permanent', 'bounce', noSuchUser).kind, 'hard_bounce');
  assert.equal(failed('permanent', 'generic', noSuchUser).kind, 'hard_bounce');
  assert.equal(failed('permanent', 'bounce', { code: 550, message: 'no such user' }).kind, 'hard_bounce');
  assert.equal(failed('permanent', 'bounce', { code: 550, 'enhanced-code': '5.1.1' }).kind, 'hard_bounce');
  assert.equal(failed('permanent', 'delayed-bounce', { code: 550, 'bounce-type': 'hard' }).kind, 'hard_bounce');
  assert.equal(failed('permanent', null).kind, 'hard_bounce');
});

test('policy, a full mailbox and a server that was never reached are not its fault', () => {
  assert.equal(failed('permanent', 'bounce', { code: 552, 'enhanced-code': '5.2.2' }).kind, 'soft_bounce');
  assert.equal(failed('permanent', 'bounce', { code: 550, message: '5.7.1 blocked' }).kind, 'soft_bounce');
  assert.equal(failed('permanent', 'bounce', { code: 550, 'bounce-type': 'soft' }).kind, 'soft_bounce');
  assert.equal(failed('permanent', 'espblock').kind, 'soft_bounce');
  assert.equal(failed('permanent', 'old', { code: 602 }).kind, 'soft_bounce');
  assert.equal(
    failed('permanent', 'generic', { code: 498, message: 'No MX for nomx.example.com' }).kind,
    'soft_bounce',
  );
});

test('an address on a list of Mailgun was not tried', () => {
  for (const reason of ['suppress-bounce', 'suppress-complaint', 'suppress-unsubscribe']) {
    const { kind, detail } = failed('permanent', reason, { code: 605, message: '5.1.1' });
    assert.deepEqual([kind, detail['note']], ['failed', 'already suppressed at provider'], reason);
  }
  assert.equal(failed('permanent', 'bounce', { code: 607 }).kind, 'failed');
});

test('a temporary failure is put off, until Mailgun gives up', () => {
  assert.equal(failed('temporary', 'generic', { code: 498, 'retry-seconds': 1_800 }).kind, 'deferred');
  assert.equal(failed('temporary', 'greylisted', { code: 450, message: '5.1.1' }).kind, 'deferred');
  assert.equal(failed('temporary', 'old').kind, 'soft_bounce');
});

test('robots that Mailgun knows are machines', () => {
  const machine = (bot: unknown, agent?: string) =>
    read('opened', { 'client-info': { bot, 'user-agent': agent } }).machine;
  for (const bot of ['apple', 'gmail', 'generic', true]) assert.equal(machine(bot), true);
  for (const bot of ['', 'none', 'false', false, null, undefined]) assert.equal(machine(bot), null);
  assert.equal(machine('', 'Mozilla/5.0'), true);
});

test('a rejected mail names its recipient in a header only', () => {
  const rejected = (to: string) =>
    read('rejected', {
      recipient: undefined,
      reject: { reason: 'Sandbox subdomains are for test purposes only.', description: '' },
      message: { headers: { to, 'message-id': `<${MESSAGE_ID}>` } },
    });
  const event = rejected('Recipient Name <Recipient@example.org>');
  assert.equal(event.recipient, 'recipient@example.org');
  assert.equal(event.messageId, MESSAGE_ID);
  assert.equal(event.detail['reason'], 'Sandbox subdomains are for test purposes only.');
  assert.equal(rejected('a@example.org, b@example.org').recipient, null);
});

test('our id is found among the variables, in variables written as text, and in a header', () => {
  const from = (more: object) => read('opened', more).subTaskIdFrom;
  assert.equal(from({}), 'custom_args');
  assert.equal(from({ 'user-variables': JSON.stringify({ subtask_id: SUB_TASK }) }), 'payload');
  assert.equal(from({ 'user-variables': { ours: JSON.stringify({ subtask_id: SUB_TASK }) } }), 'payload');
  const headers = { 'X-Postilion-Sub-Task': SUB_TASK };
  assert.equal(from({ 'user-variables': {}, message: { headers } }), 'payload');
  assert.equal(from({ 'user-variables': {} }), null);
});

test('a repeat has the same key though its signature is another', () => {
  const keyOf = (body: object) => only(mailgunWebhooks, body).dedupeKey;
  const event = report('opened');
  const again = { ...event, signature: { ...event.signature, token: 'another' } };
  assert.equal(keyOf(event), keyOf(again));
  const anonymous = (body: typeof event) => ({ ...body, 'event-data': { ...body['event-data'], id: undefined } });
  assert.equal(keyOf(anonymous(event)), keyOf(anonymous(again)));
});

test('what holds no event is none', () => {
  assert.deepEqual(parse(mailgunWebhooks, {}), []);
  assert.deepEqual(parse(mailgunWebhooks, { 'event-data': 'none' }), []);
  assert.equal(only(mailgunWebhooks, { 'event-data': { event: 'accepted', 'delivery-status': null } }).kind, 'sent');
});

const KEY = 'a signing key of Mailgun';
const TOKEN = '651869375b9df3c98fc15c4889b102119add1235c38fc92824';
const signatureOf = (timestamp: string, key: string, token = TOKEN) =>
  createHmac('sha256', key)
    .update(timestamp + token)
    .digest('hex');

const signed = (timestamp = seconds(), key = KEY) => ({
  ...report('opened'),
  signature: { timestamp, token: TOKEN, signature: signatureOf(timestamp, key) },
});

const verdict = (body: unknown, secrets = [KEY]) => mailgunWebhooks.verify(requestOf(body), secrets, at(NOW));

test("what Mailgun's key has signed is accepted", () => {
  assert.equal(verdict(signed()), null);
  const { signature, ...event } = signed();
  assert.equal(verdict({ ...event, signature: { ...signature, timestamp: Number(signature.timestamp) } }), null);
});

test('while a key is being replaced both are good', () => {
  assert.equal(verdict(signed(), ['next', KEY]), null);
  assert.equal(verdict(signed(seconds(), 'next'), ['next', KEY]), null);
  assert.equal(verdict(signed(seconds(), 'next')), 'the signature is wrong');
  assert.equal(verdict(signed(), []), 'the signature is wrong');
  assert.equal(verdict(signed(seconds(), ''), ['']), 'the signature is wrong');
});

test('an event of a subaccount is accepted with the key of the account above it', () => {
  const { signature, ...event } = signed(seconds(), 'the key of the subaccount');
  const parent = { ...signature, 'parent-signature': signatureOf(seconds(), KEY) };
  assert.equal(verdict({ ...event, signature: parent }), null);
  assert.equal(verdict({ ...event, signature: parent }, ['the key of the subaccount']), null);
  assert.equal(verdict({ ...event, signature: parent }, ['another']), 'the signature is wrong');
});

test('the window is 300 seconds either way', () => {
  for (const offset of [-300_000, 300_000]) {
    assert.equal(verdict(signed(seconds(offset))), null);
    assert.equal(
      verdict(signed(seconds(offset + Math.sign(offset) * 1_000))),
      'the signature is too old, or of the future',
    );
  }
});

test('digits can not be moved from the token to the time', () => {
  const timestamp = `${seconds()}651`;
  const block = { timestamp, token: TOKEN.slice(3), signature: signatureOf(seconds(), KEY) };
  assert.equal(verdict({ signature: block }), 'the signature is missing or is none');
});

test('no signature and no sense are refusals, not errors', () => {
  const { signature } = signed();
  const odd = [
    undefined,
    null,
    'x',
    [],
    {},
    { ...signature, token: 7 },
    { ...signature, token: '' },
    { ...signature, timestamp: ` ${signature.timestamp}` },
  ];
  for (const block of odd) assert.equal(verdict({ signature: block }), 'the signature is missing or is none');
  const unreadable = { headers: {}, body: Buffer.from('event=opened&token=x') };
  assert.equal(mailgunWebhooks.verify(unreadable, [KEY], at(NOW)), 'the signature is missing or is none');
  assert.equal(
    verdict({ signature: { ...signature, signature: signature.signature.toUpperCase() } }),
    'the signature is wrong',
  );
});
