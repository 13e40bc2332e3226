// Promise: every event Postmark documents is read for what it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postmarkWebhooks } from '../../src/providers/postmark_webhook.ts';
import { at, NOW, only, parse, requestOf, SUB_TASK } from './webhook_support.ts';

const MESSAGE_ID = '883953f4-6105-42a2-a16a-77a8eac79483';

const common = {
  ServerID: 23,
  MessageStream: 'broadcast',
  MessageID: MESSAGE_ID,
  Tag: 'welcome',
  Metadata: { subtask_id: SUB_TASK, tracking_id: 'track-1' },
};

const bounce = (Type: string, more: object = {}) => ({
  ...common,
  RecordType: 'Bounce',
  ID: 901_542_550,
  Type,
  TypeCode: 1,
  Name: 'A bounce',
  Description: 'The server was unable to deliver your message.',
  Details: '',
  Email: 'Bounce@example.com',
  From: 'sender@example.com',
  BouncedAt: '2016-04-27T16:28:50.3963933-04:00',
  DumpAvailable: true,
  Inactive: true,
  CanActivate: true,
  Subject: 'A test',
  ...more,
});

const engagement = (RecordType: string, more: object = {}) => ({
  ...common,
  RecordType,
  Client: { Name: 'Chrome', Company: 'Google', Family: 'Chrome' },
  UserAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_7_5) etc.',
  Geo: { CountryISOCode: 'RS', City: 'Novi Sad', IP: '192.0.2.1' },
  ReceivedAt: '2017-10-25T15:21:11.9065619Z',
  Recipient: 'recipient@example.com',
  ...more,
});

const change = (more: object = {}) => ({
  ...common,
  RecordType: 'SubscriptionChange',
  ChangedAt: '2022-06-05T17:17:32Z',
  Recipient: 'john@example.com',
  Origin: 'Recipient',
  SuppressSending: true,
  SuppressionReason: 'ManualSuppression',
  ...more,
});

const read = (body: object) => only(postmarkWebhooks, body);

test('a click has all of its fields', () => {
  const link = 'https://example.com/click/me';
  const click = engagement('Click', { ClickLocation: 'HTML', OriginalLink: link });
  assert.deepEqual(read(click), {
    kind: 'click',
    occurredAt: '2017-10-25T15:21:11.906Z',
    dedupeKey: `click ${MESSAGE_ID} recipient@example.com 2017-10-25T15:21:11.9065619Z ${link}`,
    subTaskId: SUB_TASK,
    subTaskIdFrom: 'custom_args',
    messageId: MESSAGE_ID,
    trackingId: 'track-1',
    recipient: 'recipient@example.com',
    machine: null,
    detail: { event: 'click', url: link, ip: '192.0.2.1', user_agent: click.UserAgent },
  });
});

test('each kind of record has its kind', () => {
  const delivery = {
    ...common,
    RecordType: 'Delivery',
    Recipient: 'a@example.com',
    DeliveredAt: '2014-08-01T13:28:10.2735393-04:00',
    Details: 'OK',
  };
  assert.equal(read(delivery).kind, 'delivered');
  assert.equal(read(delivery).occurredAt, '2014-08-01T17:28:10.273Z');
  assert.equal(read(engagement('Open', { FirstOpen: true })).kind, 'open');
  assert.equal(read({ ...bounce('SpamComplaint'), RecordType: 'SpamComplaint' }).kind, 'complaint');
  assert.equal(read({ RecordType: 'Inbound' }).kind, 'other');
  assert.equal(read({ RecordType: 'constructor' }).kind, 'other');
});

test('each type of bounce has its kind', () => {
  const kinds = {
    HardBounce: 'hard_bounce',
    BadEmailAddress: 'hard_bounce',
    SoftBounce: 'soft_bounce',
    Unknown: 'soft_bounce',
    Blocked: 'soft_bounce',
    SpamNotification: 'soft_bounce',
    VirusNotification: 'soft_bounce',
    Transient: 'deferred',
    DnsError: 'deferred',
    SpamComplaint: 'complaint',
    Unsubscribe: 'unsubscribe',
    ManuallyDeactivated: 'failed',
    SMTPApiError: 'failed',
    DMARCPolicy: 'failed',
    TemplateRenderingFailed: 'failed',
    Subscribe: 'other',
    AutoResponder: 'other',
    AddressChange: 'other',
    OpenRelayTest: 'other',
    ChallengeVerification: 'other',
    Unconfirmed: 'other',
    InboundError: 'other',
    SomethingNew: 'soft_bounce',
  };
  for (const [type, kind] of Object.entries(kinds)) assert.equal(read(bounce(type)).kind, kind, type);
});

test('a bounce that the receiving server gave a code for is judged by it', () => {
  const kind = (type: string, Details: string) => read(bounce(type, { Details })).kind;
  assert.equal(kind('HardBounce', 'smtp;550 5.1.1 The email account does not exist.'), 'hard_bounce');
  assert.equal(kind('HardBounce', 'smtp;552 5.2.2 mailbox full'), 'soft_bounce');
  assert.equal(kind('HardBounce', 'smtp;550 5.7.1 policy'), 'soft_bounce');
  assert.equal(kind('Unknown', 'smtp;550 5.1.1 no such user'), 'hard_bounce');
  assert.equal(kind('Blocked', 'smtp;550 5.1.1'), 'soft_bounce');
});

test('a change of subscription says why', () => {
  assert.equal(read(change()).kind, 'unsubscribe');
  assert.equal(read(change({ SuppressionReason: null })).kind, 'unsubscribe');
  assert.equal(read(change({ SuppressionReason: 'HardBounce' })).kind, 'hard_bounce');
  assert.equal(read(change({ SuppressionReason: 'SpamComplaint' })).kind, 'complaint');
  assert.equal(read(change({ SuppressSending: false, SuppressionReason: null })).kind, 'other');
  assert.equal(read(change({ MessageID: '00000000-0000-0000-0000-000000000000' })).messageId, null);
});

test('a bounce names its recipient, its time and its own id', () => {
  const event = read(bounce('HardBounce'));
  assert.equal(event.recipient, 'bounce@example.com');
  assert.equal(event.occurredAt, '2016-04-27T20:28:50.396Z');
  assert.equal(event.dedupeKey, 'bounce 901542550');
  assert.equal(event.detail['reason'], 'The server was unable to deliver your message.');
});

test('our id is found in the mail that a bounce quotes', () => {
  const Content = `Return-Path: <>\r\nSubject: returned\r\n\r\nX-Postilion-Sub-Task: ${SUB_TASK}\r\n`;
  const { subTaskId, subTaskIdFrom } = read(bounce('HardBounce', { Metadata: {}, Content }));
  assert.deepEqual([subTaskId, subTaskIdFrom], [SUB_TASK, 'payload']);
});

test('opens a moment apart are two, and the same one again is one', () => {
  const keyAt = (ReceivedAt: string) => read(engagement('Open', { ReceivedAt })).dedupeKey;
  assert.equal(keyAt('2017-10-25T15:21:11.9065619Z'), keyAt('2017-10-25T15:21:11.9065619Z'));
  assert.notEqual(keyAt('2017-10-25T15:21:11.9065619Z'), keyAt('2017-10-25T15:21:11.9065620Z'));
});

test('a machine is told by its user agent', () => {
  assert.equal(read(engagement('Open', { UserAgent: 'Mozilla/5.0' })).machine, true);
  assert.equal(read(engagement('Open', { UserAgent: undefined })).machine, null);
});

test('there is nothing to verify, and an empty object is no event', () => {
  assert.equal(postmarkWebhooks.verify(requestOf({}), [], at(NOW)), null);
  assert.deepEqual(parse(postmarkWebhooks, {}), []);
});
