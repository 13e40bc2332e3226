// Promise: every event SendGrid documents is read for what it says, and only what its key has signed lately is believed.
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { test } from 'node:test';
import { sendgridWebhooks } from '../../src/providers/sendgrid_webhook.ts';
import { at, NOW, only, parse, requestOf, SUB_TASK, seconds } from './webhook_support.ts';

const MESSAGE_ID = 'wrfRRvF7Q0GgwUo2CvDmEA';

const report = (event: string, more: object = {}) => ({
  email: 'Recipient@example.com',
  timestamp: 1_461_095_246,
  'smtp-id': `<${MESSAGE_ID}@ismtpd0006p1sjc2.sendgrid.net>`,
  sg_event_id: 'ZyjAM5rnQmuI1KFInHQ3Nw',
  sg_message_id: `${MESSAGE_ID}.filter0425p1mdw1.13037.57168B4A1D.0`,
  event,
  ...more,
});

const read = (event: string, more: object = {}) => only(sendgridWebhooks, [report(event, more)]);

test('a click has all of its fields', () => {
  const click = {
    ip: '192.0.2.1',
    url: 'https://example.com/offer',
    url_offset: { index: 0, type: 'html' },
    useragent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_4) AppleWebKit/537.36',
    category: ['tag'],
    subtask_id: SUB_TASK,
    tracking_id: 'track-1',
  };
  assert.deepEqual(read('click', click), {
    kind: 'click',
    occurredAt: '2016-04-19T19:47:26.000Z',
    dedupeKey: 'ZyjAM5rnQmuI1KFInHQ3Nw',
    subTaskId: SUB_TASK,
    subTaskIdFrom: 'custom_args',
    messageId: MESSAGE_ID,
    trackingId: 'track-1',
    recipient: 'recipient@example.com',
    machine: null,
    detail: { event: 'click', url: click.url, ip: click.ip, user_agent: click.useragent },
  });
});

test('each event has its kind', () => {
  const kinds = {
    processed: 'sent',
    delivered: 'delivered',
    deferred: 'deferred',
    dropped: 'failed',
    open: 'open',
    click: 'click',
    spamreport: 'complaint',
    unsubscribe: 'unsubscribe',
    group_unsubscribe: 'unsubscribe',
    group_resubscribe: 'other',
    account_status_change: 'other',
    constructor: 'other',
  };
  for (const [event, kind] of Object.entries(kinds)) assert.equal(read(event).kind, kind, event);
});

test('a bounce is hard only for the sake of the address', () => {
  const bounce = (more: object) => read('bounce', { type: 'bounce', ...more }).kind;
  assert.equal(bounce({ status: '5.1.1', reason: '550 5.1.1 The email account does not exist.' }), 'hard_bounce');
  assert.equal(bounce({ status: '5.0.0', reason: '550 no such user' }), 'hard_bounce');
  assert.equal(bounce({ status: '5.0.0', bounce_classification: 'Invalid Address' }), 'hard_bounce');
  assert.equal(bounce({ bounce_classification: 'Unclassified' }), 'hard_bounce');
  assert.equal(bounce({ status: '5.2.2' }), 'soft_bounce');
  assert.equal(bounce({ status: '5.0.0', reason: '550 5.7.1 blocked' }), 'soft_bounce');
  assert.equal(bounce({ status: '5.0.0', type: 'blocked' }), 'soft_bounce');
  assert.equal(bounce({ type: 'expired' }), 'soft_bounce');
  for (const cause of [
    'Content',
    'Reputation',
    'Frequency or Volume Too High',
    'Technical Failure',
    'Mailbox Unavailable',
  ]) {
    assert.equal(bounce({ status: '5.0.0', bounce_classification: cause }), 'soft_bounce', cause);
  }
});

test('the reason is kept', () => {
  assert.equal(read('dropped', { reason: 'Bounced Address' }).detail['reason'], 'Bounced Address');
  assert.equal(
    read('deferred', { response: '451 try again later', attempt: '5' }).detail['reason'],
    '451 try again later',
  );
});

test('the message id is what the API answered, or the one we sent by SMTP', () => {
  const messageId = (sg_message_id: unknown, smtpId?: string) =>
    read('delivered', { sg_message_id, 'smtp-id': smtpId }).messageId;
  assert.equal(messageId('0GOQ6fMTTmiZpLh7usBJwg.recvd-67fdc7b4d6-wbpn9-1-666CAB97-15.0'), '0GOQ6fMTTmiZpLh7usBJwg');
  assert.equal(
    messageId('0GOQ6fMTTmiZpLh7usBJwg.filterdrecv-5f54b5d587-c25j6-1-6318A3AE-1.0'),
    '0GOQ6fMTTmiZpLh7usBJwg',
  );
  assert.equal(messageId('0GOQ6fMTTmiZpLh7usBJwg.something-new.0'), '0GOQ6fMTTmiZpLh7usBJwg');
  assert.equal(
    messageId('14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0', '<14c5d75ce93.dfd.64b469@ismtpd-555>'),
    '14c5d75ce93.dfd.64b469',
  );
  assert.equal(messageId('0GOQ6fMTTmiZpLh7usBJwg'), '0GOQ6fMTTmiZpLh7usBJwg');
  assert.equal(messageId('filter0093p1las1.9128.5717FB8127.0'), null);
  assert.equal(messageId(undefined), null);
  assert.equal(messageId(`${MESSAGE_ID}.filter1.2`, '<request-1@mail.example.com>'), 'request-1@mail.example.com');
  assert.equal(messageId(`${MESSAGE_ID}.filter1.2`, `<${MESSAGE_ID}@geopod-ismtpd-2-0>`), MESSAGE_ID);
});

test('an open by a machine is told from others', () => {
  assert.equal(read('open', { sg_machine_open: true }).machine, true);
  assert.equal(read('open', { sg_machine_open: false, useragent: 'Mozilla/5.0' }).machine, true);
  assert.equal(read('open', { sg_machine_open: false }).machine, null);
});

test('arguments that were nested count as found in the payload', () => {
  const { subTaskId, subTaskIdFrom } = read('open', { unique_args: JSON.stringify({ subtask_id: SUB_TASK }) });
  assert.deepEqual([subTaskId, subTaskIdFrom], [SUB_TASK, 'payload']);
});

test('odd elements are passed over and the rest counts', () => {
  const events = parse(sendgridWebhooks, [1, null, 'x', [], {}, { event: 7 }, report('open'), { event: ['open'] }]);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['other', 'open'],
  );
});

const keys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey, publicKey } = keys();
const secretOf = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const SECRET = secretOf(publicKey);
const BODY = JSON.stringify([report('open')]);

function signed({ timestamp = seconds(), key = privateKey, body = BODY } = {}) {
  return {
    headers: {
      'x-twilio-email-event-webhook-timestamp': timestamp,
      'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), key).toString('base64'),
    },
    body: Buffer.from(body),
  };
}

const verdict = (request: ReturnType<typeof requestOf>, secrets = [SECRET], now = NOW) =>
  sendgridWebhooks.verify(request, secrets, at(now));

test("what SendGrid's key has signed is accepted", () => {
  assert.equal(verdict(signed()), null);
});

test('while a key is being replaced both are good', () => {
  const next = keys();
  assert.equal(verdict(signed(), [secretOf(next.publicKey), SECRET]), null);
  assert.equal(verdict(signed({ key: next.privateKey }), [secretOf(next.publicKey), SECRET]), null);
  assert.equal(verdict(signed({ key: next.privateKey })), 'the signature is wrong');
});

test('the window is 300 seconds either way', () => {
  for (const offset of [-300_000, 300_000]) {
    assert.equal(verdict(signed({ timestamp: seconds(offset) })), null);
    assert.equal(
      verdict(signed({ timestamp: seconds(offset + Math.sign(offset) * 1_000) })),
      'the signature is too old, or of the future',
    );
  }
});

test('no secret, no signature and no sense are refusals, not errors', () => {
  assert.equal(verdict(signed(), []), 'the signature is wrong');
  const ed25519 = secretOf(generateKeyPairSync('ed25519').publicKey);
  const otherCurve = secretOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey);
  assert.equal(verdict(signed(), ['', 'nonsense', ed25519, otherCurve]), 'the signature is wrong');
  assert.equal(verdict(requestOf([])), 'the signature is missing or is none');
  const { headers, body } = signed();
  const signature = headers['x-twilio-email-event-webhook-signature'];
  for (const other of ['', '====', `${signature} `, signature.replaceAll('=', ''), `${signature}AAAA`]) {
    const changed = { ...headers, 'x-twilio-email-event-webhook-signature': other };
    if (other !== signature) assert.notEqual(verdict({ headers: changed, body }), null, other);
  }
});
