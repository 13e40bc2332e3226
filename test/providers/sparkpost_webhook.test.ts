// Promise: every event SparkPost documents is read for what it says.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sparkpostWebhooks } from '../../src/providers/sparkpost_webhook.ts';
import { at, NOW, only, parse, requestOf, SUB_TASK } from './webhook_support.ts';

const report = (type: string, more: object = {}) => ({
  type,
  event_id: '92356927693813856',
  message_id: '000443ee14578172be22',
  transmission_id: '65832150921904138',
  rcpt_to: 'recipient@example.com',
  raw_rcpt_to: 'Recipient@example.com',
  rcpt_meta: { subtask_id: SUB_TASK, tracking_id: 'track-1' },
  timestamp: '1454442600',
  ...more,
});

const wrapped = (type: string, more: object = {}, name = 'message_event') => ({ msys: { [name]: report(type, more) } });
const read = (type: string, more: object = {}, name?: string) => only(sparkpostWebhooks, [wrapped(type, more, name)]);

test('a click has all of its fields', () => {
  const click = {
    ip_address: '192.0.2.1',
    target_link_name: 'Offer',
    target_link_url: 'https://example.com/offer',
    user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_10_3) AppleWebKit/537.36',
    user_agent_parsed: { agent_family: 'Chrome', is_proxy: false, is_prefetched: false },
  };
  assert.deepEqual(read('click', click, 'track_event'), {
    kind: 'click',
    occurredAt: '2016-02-02T19:50:00.000Z',
    dedupeKey: '92356927693813856',
    subTaskId: SUB_TASK,
    subTaskIdFrom: 'custom_args',
    messageId: '65832150921904138',
    trackingId: 'track-1',
    recipient: 'recipient@example.com',
    machine: null,
    detail: { event: 'click', url: click.target_link_url, ip: click.ip_address, user_agent: click.user_agent },
  });
});

test('each event has its kind', () => {
  const kinds = {
    injection: 'sent',
    delivery: 'delivered',
    delay: 'deferred',
    spam_complaint: 'complaint',
    open: 'open',
    initial_open: 'open',
    amp_open: 'open',
    amp_initial_open: 'open',
    click: 'click',
    amp_click: 'click',
    list_unsubscribe: 'unsubscribe',
    link_unsubscribe: 'unsubscribe',
    policy_rejection: 'failed',
    generation_failure: 'failed',
    generation_rejection: 'failed',
    relay_injection: 'other',
    sms_status: 'other',
    ab_test_completed: 'other',
    constructor: 'other',
  };
  for (const [type, kind] of Object.entries(kinds)) assert.equal(read(type).kind, kind, type);
});

test('each class of bounce has its kind', () => {
  const kinds = {
    1: 'soft_bounce',
    10: 'hard_bounce',
    20: 'soft_bounce',
    21: 'soft_bounce',
    22: 'soft_bounce',
    23: 'soft_bounce',
    24: 'soft_bounce',
    25: 'failed',
    26: 'failed',
    30: 'hard_bounce',
    40: 'soft_bounce',
    50: 'soft_bounce',
    51: 'soft_bounce',
    52: 'soft_bounce',
    53: 'soft_bounce',
    54: 'soft_bounce',
    60: 'other',
    70: 'soft_bounce',
    80: 'other',
    90: 'unsubscribe',
    100: 'other',
    101: 'soft_bounce',
  };
  for (const [bounce_class, kind] of Object.entries(kinds)) {
    assert.equal(read('bounce', { bounce_class }).kind, kind, bounce_class);
    assert.equal(read('out_of_band', { bounce_class: Number(bounce_class) }).kind, kind, bounce_class);
  }
});

test('where the class says nothing the code of the receiving server does', () => {
  const raw_reason = '550 5.1.1 <a@example.com>: Recipient address rejected: User unknown';
  assert.equal(read('bounce', { bounce_class: '1', raw_reason }).kind, 'hard_bounce');
  assert.equal(read('bounce', { bounce_class: '40', raw_reason }).kind, 'hard_bounce');
  assert.equal(read('bounce', { raw_reason }).kind, 'hard_bounce');
  assert.equal(read('bounce', { bounce_class: '50', raw_reason }).kind, 'soft_bounce');
  assert.equal(read('bounce', {}).kind, 'soft_bounce');
});

test('a delay is put off whatever its class', () => {
  const delay = read('delay', { bounce_class: '21', raw_reason: '454 4.4.4 [internal] no MX or A for domain' });
  assert.equal(delay.kind, 'deferred');
  assert.equal(delay.detail['reason'], '454 4.4.4 [internal] no MX or A for domain');
});

test('a ping holds no event, and an item may hold one of any class', () => {
  assert.deepEqual(parse(sparkpostWebhooks, [{ msys: {} }]), []);
  assert.deepEqual(
    parse(sparkpostWebhooks, [1, null, {}, { msys: 1 }, { msys: { message_event: null } }, { msys: { x: {} } }]),
    [],
  );
  for (const name of [
    'message_event',
    'track_event',
    'gen_event',
    'unsubscribe_event',
    'relay_event',
    'something_new',
  ]) {
    assert.equal(read('delivery', {}, name).kind, 'delivered', name);
  }
});

test('odd items take nothing from the others', () => {
  const events = parse(sparkpostWebhooks, [
    wrapped('delivery'),
    'odd',
    { msys: [] },
    wrapped('open', { event_id: '2' }),
  ]);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['delivered', 'open'],
  );
});

test('proxies and prefetches are machines', () => {
  const machine = (more: object) => read('open', more).machine;
  assert.equal(machine({ user_agent_parsed: { is_prefetched: true } }), true);
  assert.equal(machine({ user_agent_parsed: { is_proxy: true } }), true);
  assert.equal(machine({ user_agent: 'Mozilla/5.0' }), true);
  assert.equal(machine({ user_agent_parsed: 'none' }), null);
});

test('the other form of time, and metadata written as text, are understood', () => {
  const event = read('generation_failure', {
    timestamp: '2018-10-11T23:24:45.000+00:00',
    rcpt_meta: JSON.stringify({ subtask_id: SUB_TASK }),
    transmission_id: undefined,
  });
  assert.equal(event.occurredAt, '2018-10-11T23:24:45.000Z');
  assert.deepEqual([event.subTaskId, event.subTaskIdFrom], [SUB_TASK, 'payload']);
  assert.equal(event.messageId, '000443ee14578172be22');
});

test('there is nothing to verify', () => {
  assert.equal(sparkpostWebhooks.verify(requestOf([]), [], at(NOW)), null);
});
