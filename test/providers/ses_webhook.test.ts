// Promise: every record that Amazon SES documents is read for what it says, and no body does more harm than WebhookParseError.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sesWebhooks } from '../../src/providers/ses_webhook.ts';
import { WebhookParseError } from '../../src/providers/webhook_source.ts';
import { notification, subscription } from './sns_support.ts';
import { assertNothingBreaks, junk, only, parse as parseBody, SUB_TASK } from './webhook_support.ts';

const SES_ID = 'EXAMPLE7c191be45-e9aedb9a-02f9-4d12-a87d-dd0099a07f8a-000000';
const MESSAGE_ID = notification.MessageId;

const mail = {
  timestamp: '2016-10-19T23:20:52.240Z',
  source: 'sender@example.com',
  sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/sender@example.com',
  sendingAccountId: '123456789012',
  messageId: SES_ID,
  destination: ['recipient@example.com'],
  headersTruncated: false,
  headers: [
    { name: 'From', value: 'sender@example.com' },
    { name: 'To', value: 'recipient@example.com' },
    { name: 'Subject', value: 'Message sent from Amazon SES' },
  ],
  commonHeaders: { from: ['sender@example.com'], to: ['recipient@example.com'], messageId: SES_ID },
  tags: { 'ses:configuration-set': ['ConfigSet'], 'ses:source-ip': ['192.0.2.0'] },
};

const enveloped = (record: unknown) => ({
  ...notification,
  Message: typeof record === 'string' ? record : JSON.stringify(record),
});
const parse = (record: unknown) => parseBody(sesWebhooks, enveloped(record));
const read = (record: object) => only(sesWebhooks, enveloped(record));

const bounced = (bounceType: string, bounceSubType: string, recipient: object = {}) => ({
  eventType: 'Bounce',
  bounce: {
    bounceType,
    bounceSubType,
    bouncedRecipients: [{ emailAddress: 'recipient@example.com', action: 'failed', ...recipient }],
    timestamp: '2017-08-05T00:41:02.669Z',
    feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
    reportingMTA: 'dsn; mta.example.com',
  },
  mail,
});

const complained = (more: object = {}) => ({
  eventType: 'Complaint',
  complaint: {
    complainedRecipients: [{ emailAddress: 'recipient@example.com' }],
    timestamp: '2017-08-05T00:41:02.669Z',
    feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
    userAgent: 'Mozilla/5.0',
    complaintFeedbackType: 'abuse',
    arrivalDate: '2017-08-05T00:41:02.669Z',
    ...more,
  },
  mail,
});

test('a bounce is read whole', () => {
  const record = bounced('Permanent', 'General', { status: '5.1.1', diagnosticCode: 'smtp; 550 5.1.1 user unknown' });
  assert.deepEqual(read(record), {
    kind: 'hard_bounce',
    occurredAt: '2017-08-05T00:41:02.669Z',
    dedupeKey: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000 recipient@example.com',
    subTaskId: null,
    subTaskIdFrom: null,
    messageId: SES_ID,
    trackingId: null,
    recipient: 'recipient@example.com',
    machine: null,
    detail: {
      reason: 'smtp; 550 5.1.1 user unknown',
      status: '5.1.1',
      bounce_type: 'Permanent',
      bounce_sub_type: 'General',
    },
  });
});

test('only a bounce that speaks of the address is a hard one', () => {
  const kindOf = (type: string, subType: string, recipient?: object) => read(bounced(type, subType, recipient)).kind;
  for (const subType of ['General', 'NoEmail']) assert.equal(kindOf('Permanent', subType), 'hard_bounce');
  for (const subType of ['Suppressed', 'OnAccountSuppressionList', 'UnsubscribedRecipient'])
    assert.equal(kindOf('Permanent', subType, { status: '5.1.1' }), 'failed', subType);
  for (const status of ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1', '5.0.0', 'odd'])
    assert.equal(kindOf('Permanent', 'General', { status }), 'hard_bounce', status);
  for (const status of ['4.4.7', '5.1.0', '5.2.2', '5.2.3', '5.3.4', '5.4.1', '5.5.0', '5.6.0', '5.7.1', '5.7.26'])
    assert.equal(kindOf('Permanent', 'General', { status }), 'soft_bounce', status);
  assert.equal(kindOf('Permanent', 'General', { diagnosticCode: 'smtp; 550-5.7.26 not authenticated' }), 'soft_bounce');
  assert.equal(kindOf('Permanent', 'General', { diagnosticCode: 'smtp; 550 from 10.5.7.1 unknown' }), 'hard_bounce');
  assert.equal(kindOf('Permanent', 'NoEmail', { status: '5.4.1' }), 'hard_bounce');
  for (const subType of ['General', 'MailboxFull', 'MessageTooLarge', 'ContentRejected', 'AttachmentRejected'])
    assert.equal(kindOf('Transient', subType, { status: '5.1.1' }), 'soft_bounce', subType);
  assert.equal(kindOf('Undetermined', 'Undetermined'), 'soft_bounce');
  assert.equal(kindOf('Unheard', 'Of'), 'soft_bounce');
});

test('a complaint is one, unless SES sent nothing or the report takes one back', () => {
  assert.partialDeepStrictEqual(read(complained()), { kind: 'complaint', machine: null, detail: { reason: 'abuse' } });
  assert.equal('user_agent' in read(complained()).detail, false);
  const listed = read(complained({ complaintSubType: 'OnAccountSuppressionList' }));
  assert.partialDeepStrictEqual(listed, { kind: 'failed', detail: { complaint_sub_type: 'OnAccountSuppressionList' } });
  assert.equal(read(complained({ complaintFeedbackType: 'not-spam' })).kind, 'other');
});

test('a delivery, a delay, a send, a rejection and a failure to render', () => {
  const delivery = {
    timestamp: '2016-10-19T23:21:04.133Z',
    processingTimeMillis: 11_893,
    recipients: ['Recipient@example.com'],
    smtpResponse: '250 2.6.0 Message received',
    reportingMTA: 'mta.example.com',
  };
  assert.partialDeepStrictEqual(read({ eventType: 'Delivery', mail, delivery }), {
    kind: 'delivered',
    occurredAt: '2016-10-19T23:21:04.133Z',
    dedupeKey: `${MESSAGE_ID} recipient@example.com`,
    recipient: 'recipient@example.com',
    detail: { reason: '250 2.6.0 Message received' },
  });
  const deliveryDelay = {
    timestamp: '2020-06-16T00:25:40.095Z',
    delayType: 'TransientCommunicationFailure',
    expirationTime: '2020-06-16T00:25:40.914Z',
    delayedRecipients: [{ emailAddress: 'recipient@example.com', status: '4.4.1', diagnosticCode: 'smtp; 421 4.4.1' }],
  };
  assert.partialDeepStrictEqual(read({ eventType: 'DeliveryDelay', mail, deliveryDelay }), {
    kind: 'deferred',
    detail: { reason: 'smtp; 421 4.4.1', status: '4.4.1' },
  });
  assert.partialDeepStrictEqual(read({ eventType: 'Send', mail, send: {} }), {
    kind: 'sent',
    occurredAt: mail.timestamp,
    recipient: 'recipient@example.com',
  });
  assert.partialDeepStrictEqual(read({ eventType: 'Reject', mail, reject: { reason: 'Bad content' } }), {
    kind: 'failed',
    detail: { reason: 'Bad content' },
  });
  const failure = {
    errorMessage: "Attribute 'name' is not present in the rendering data.",
    templateName: 'MyTemplate',
  };
  assert.partialDeepStrictEqual(read({ eventType: 'Rendering Failure', mail, failure }), {
    kind: 'failed',
    detail: { reason: failure.errorMessage, template: 'MyTemplate' },
  });
});

test('an open and a click', () => {
  const userAgent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 10_3_3 like Mac OS X) AppleWebKit/603.3.8';
  const open = { ipAddress: '192.0.2.1', timestamp: '2017-08-09T22:00:19.652Z', userAgent };
  assert.partialDeepStrictEqual(read({ eventType: 'Open', mail, open }), {
    kind: 'open',
    occurredAt: '2017-08-09T22:00:19.652Z',
    machine: null,
    detail: { ip: '192.0.2.1', user_agent: userAgent },
  });
  assert.equal(read({ eventType: 'Open', mail, open: { ...open, userAgent: 'Mozilla/5.0' } }).machine, true);
  const click = { ...open, link: 'http://docs.example.com/', linkTags: { samplekey0: ['samplevalue0'] } };
  assert.partialDeepStrictEqual(read({ eventType: 'Click', mail, click }), {
    kind: 'click',
    detail: { url: 'http://docs.example.com/' },
  });
});

test('a subscription is an unsubscribe when somebody left', () => {
  const topics = (statuses: Record<string, string>, unsubscribeAll = false) => ({
    unsubscribeAll,
    topicSubscriptionStatus: Object.entries(statuses).map(([topicName, subscriptionStatus]) => ({
      topicName,
      subscriptionStatus,
    })),
  });
  const kindOf = (oldTopicPreferences: object, newTopicPreferences: object) =>
    read({
      eventType: 'Subscription',
      mail,
      subscription: {
        contactList: 'ContactListName',
        timestamp: '2022-01-12T01:00:17.910Z',
        source: 'UnsubscribeHeader',
        newTopicPreferences,
        oldTopicPreferences,
      },
    }).kind;
  assert.equal(kindOf(topics({ a: 'OptIn' }), topics({ a: 'OptOut' }, true)), 'unsubscribe');
  assert.equal(kindOf(topics({ a: 'OptIn', b: 'OptOut' }), topics({ a: 'OptOut', b: 'OptOut' })), 'unsubscribe');
  assert.equal(kindOf(topics({ a: 'OptOut', b: 'OptOut' }), topics({ a: 'OptIn', b: 'OptOut' })), 'other');
  assert.equal(kindOf({}, {}), 'other');
});

test('a record about several recipients is an event for each; an open of one of several names none', () => {
  const both = ['a@example.com', 'b@example.com'];
  const record = bounced('Permanent', 'General');
  const bouncedRecipients = [
    { emailAddress: 'A@example.com', status: '5.1.1' },
    { emailAddress: 'b@example.com', status: '5.7.1' },
  ];
  const events = parse({ ...record, bounce: { ...record.bounce, bouncedRecipients } });
  assert.deepEqual(
    events.map(({ recipient, kind }) => [recipient, kind]),
    [
      ['a@example.com', 'hard_bounce'],
      ['b@example.com', 'soft_bounce'],
    ],
  );
  assert.equal(new Set(events.map(({ dedupeKey }) => dedupeKey)).size, 2);
  assert.deepEqual(
    parse({ eventType: 'Send', mail: { ...mail, destination: both }, send: {} }).map((e) => e.recipient),
    both,
  );
  assert.equal(read({ eventType: 'Open', mail: { ...mail, destination: both }, open: {} }).recipient, null);
});

test('feedback notifications say the same in another word, and one bounce told in both ways is one', () => {
  const { eventType, ...rest } = bounced('Permanent', 'General');
  const told = read({ ...rest, notificationType: eventType });
  assert.deepEqual(told, read(bounced('Permanent', 'General')));
});

test('the SubTask is found by a tag, by our header, and by the Message-ID that we wrote', () => {
  const found = (more: object) => {
    const { subTaskId, subTaskIdFrom, messageId, trackingId } = read({ eventType: 'Send', mail: { ...mail, ...more } });
    return [subTaskId, subTaskIdFrom, messageId, trackingId];
  };
  const own = `${SUB_TASK}.2@news.example.com`;
  const header = { name: 'X-Postilion-Sub-Task', value: SUB_TASK };
  const tags = { subtask_id: [SUB_TASK], tracking_id: ['abc'] };
  assert.deepEqual(found({ tags }), [SUB_TASK, 'custom_args', SES_ID, 'abc']);
  assert.deepEqual(found({ headers: [header] }), [SUB_TASK, 'payload', SES_ID, null]);
  assert.deepEqual(found({ headers: [header, { name: 'Message-ID', value: `<${own}>` }] }), [
    SUB_TASK,
    'payload',
    own,
    null,
  ]);
  assert.deepEqual(found({ commonHeaders: { messageId: `<${own}>` } }), [SUB_TASK, 'payload', own, null]);
  const theirs = [{ name: 'Message-ID', value: `<${SES_ID}@email.amazonses.com>` }];
  assert.deepEqual(found({ headers: theirs }), [null, null, SES_ID, null]);
});

test('an unknown event is kept as other; what is none holds none', () => {
  assert.partialDeepStrictEqual(read({ eventType: 'Something New', mail }), { kind: 'other', messageId: SES_ID });
  assert.equal(read({ eventType: 'constructor', mail }).kind, 'other');
  const plain = 'Successfully validated SNS topic for Amazon SES event publishing.';
  for (const none of [plain, '{}', '7', 'null', '[]', '{"mail":{}}']) assert.deepEqual(parse(none), [], none);
  for (const message of [subscription, { ...subscription, Type: 'UnsubscribeConfirmation' }, {}, ''])
    assert.deepEqual(parseBody(sesWebhooks, message), []);
});

test('a record is read without an envelope, and one that is not text in its envelope', () => {
  const record = { eventType: 'Send', mail };
  assert.match(only(sesWebhooks, record).dedupeKey, /^sha256:[0-9a-f]{64} recipient@example\.com$/);
  assert.equal(only(sesWebhooks, { ...notification, Message: record }).kind, 'sent');
});

test('what is no JSON object is not read at all', () => {
  for (const body of ['{', 'Message=1', 'null', '[]', '7', '"Bounce"'])
    assert.throws(() => parseBody(sesWebhooks, body), WebhookParseError, body);
});

test('whatever the body, nothing breaks', () => {
  const words = ['Bounce', 'Complaint', 'Delivery', 'Open', 'Subscription', 'Rendering Failure', 'X'];
  const names = [
    'bouncedRecipients',
    'bounceType',
    'recipients',
    'timestamp',
    'feedbackId',
    'userAgent',
    'newTopicPreferences',
  ];
  const details = fc.dictionary(fc.constantFrom(...names), fc.oneof(junk, fc.array(junk)));
  const record = fc.record(
    {
      eventType: fc.oneof(fc.constantFrom(...words), junk),
      mail: fc.dictionary(
        fc.constantFrom('destination', 'headers', 'commonHeaders', 'tags', 'messageId', 'timestamp'),
        fc.oneof(junk, fc.array(fc.dictionary(fc.constantFrom('name', 'value', 'subtask_id'), junk))),
      ),
      bounce: fc.oneof(details, junk),
      complaint: details,
      delivery: details,
      open: details,
      subscription: details,
      failure: junk,
    },
    { requiredKeys: ['eventType'] },
  );
  const message = fc.record({
    Type: fc.constant('Notification'),
    MessageId: junk,
    Timestamp: junk,
    Message: record.map((r) => JSON.stringify(r)),
  });
  assertNothingBreaks(sesWebhooks, fc.oneof(record, message, fc.record({ Message: fc.oneof(record, junk) })));
});
