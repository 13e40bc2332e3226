// Promise: every event of an accepted mail is told in EngageLab's own words, signed, and again until it is heard.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseWebhook } from '../../src/providers/engagelab_webhook.ts';
import type { MailEvent } from '../../src/providers/webhook_source.ts';
import { SimulatorClient } from '../../src/simulator/client.ts';
import { Courier } from '../../src/simulator/courier.ts';
import { localLinks } from '../../src/simulator/links.ts';
import { aMail, aSimulator, httpServer, jsonOf, type Received, receiver, senderFor, TIMEOUT_MS } from './support.ts';

const FAST = { concurrency: 1, retryDelayMs: 1 };
const eventsIn = (received: Received[]): MailEvent[] => received.flatMap(({ body }) => parseWebhook(Buffer.from(body)));

test('a delivered mail that is opened and clicked tells so in order, and our parser reads it', async (t) => {
  const { url, received } = await receiver(t);
  const recipients = { opens: 1, clicks: 1, unsubscribes: 1, complaints: 1 };
  const simulator = await aSimulator(t, { recipients, webhooks: { ...FAST, url } });
  const mail = aMail();
  const outcome = await senderFor(t, simulator.url).send(mail, TIMEOUT_MS);
  await simulator.drain();
  const events = eventsIn(received);
  assert.deepEqual(
    events.map(({ kind }) => kind),
    ['sent', 'delivered', 'open', 'click', 'unsubscribe', 'complaint'],
  );
  for (const event of events) {
    assert.equal(event.subTaskId, mail.subTaskId);
    assert.equal(event.messageId, outcome.kind === 'accepted' && outcome.messageId);
    assert.equal(event.recipient, mail.to);
    assert.ok(event.occurredAt !== null);
  }
  assert.equal(new Set(events.map(({ dedupeKey }) => dedupeKey)).size, events.length);
  assert.partialDeepStrictEqual(simulator.summary().webhooks, { pending: 0, posted: 6, failed: 0 });
});

test('bounces and silence are told, or not, by the outcome drawn for the recipient', async (t) => {
  for (const [outcomes, kinds] of [
    [{ hardBounce: 1 }, ['sent', 'hard_bounce']],
    [{ softBounce: 1 }, ['sent', 'soft_bounce']],
    [{ noEvent: 1 }, []],
  ] as const) {
    const { url, received } = await receiver(t);
    const simulator = await aSimulator(t, { outcomes, recipients: { opens: 1 }, webhooks: { ...FAST, url } });
    await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
    await simulator.drain();
    assert.deepEqual(
      eventsIn(received).map(({ kind }) => kind),
      kinds,
    );
  }
});

test('a webhook is signed by scheme A and echoes the custom arguments', async (t) => {
  const { url, received } = await receiver(t);
  const simulator = await aSimulator(t, { webhooks: { ...FAST, url, appKey: 'app-key' } });
  const mail = aMail({ customArgs: { subtask_id: 'x', colour: 'green' } });
  await senderFor(t, simulator.url).send(mail, TIMEOUT_MS);
  await simulator.drain();
  const { headers } = received[0]?.request ?? assert.fail('nothing received');
  const timestamp = headers['x-webhook-timestamp'];
  assert.equal(headers['x-webhook-appkey'], 'email');
  assert.match(String(timestamp), /^\d{10}$/);
  assert.equal(headers['x-webhook-signature'], createHash('md5').update(`${timestamp}emailapp-key`).digest('hex'));
  assert.deepEqual(jsonOf(received[0]?.body ?? '')['custom_args'], mail.customArgs);
});

test('a webhook is posted again until it is answered with 200 or 204', async (t) => {
  const { url, received } = await receiver(t, (n) => [500, 302, 404, 204][n] ?? 200);
  const simulator = await aSimulator(t, { outcomes: { noEvent: 0 }, webhooks: { ...FAST, url, lost: 0 } });
  await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.partialDeepStrictEqual(simulator.summary().webhooks, { posted: 2, retried: 3, failed: 0 });
  assert.equal(received.length, 5);
});

test('what was acknowledged is remembered where that is asked for', async (t) => {
  const { url } = await receiver(t, (n) => [500][n] ?? 200);
  const simulator = await aSimulator(t, { webhooks: { ...FAST, url, concurrency: 1, keepRecord: true } });
  const client = new SimulatorClient(simulator.url);
  const mail = aMail();
  await senderFor(t, simulator.url).send(mail, TIMEOUT_MS);
  await simulator.drain();
  const acknowledged = await Array.fromAsync(client.acknowledged());
  assert.deepEqual(acknowledged.map(({ kind, attempts, subTaskId }) => [kind, attempts, subTaskId]).sort(), [
    ['delivered', 1, mail.subTaskId],
    ['sent', 2, mail.subTaskId],
  ]);
  assert.equal((await Array.fromAsync(client.acknowledged(1))).length, 1);
  await client.configure({ webhooks: { ...FAST, url } });
  await client.reset();
  await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.deepEqual(await Array.fromAsync(client.acknowledged()), []);
});

test('after 7 repeats a webhook is given up', async (t) => {
  const { url, received } = await receiver(t, () => 500);
  const simulator = await aSimulator(t, { webhooks: { ...FAST, url } });
  await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.equal(received.length, 2 * 8);
  assert.partialDeepStrictEqual(simulator.summary().webhooks, { pending: 0, posted: 0, retried: 14, failed: 2 });
});

test('a receiver that does not answer in time is tried again', async (t) => {
  let requests = 0;
  const url = await httpServer(t, (_request, response) => {
    if (++requests > 1) response.end();
  });
  const simulator = await aSimulator(t, { webhooks: { ...FAST, url, timeoutMs: 50 } });
  await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.partialDeepStrictEqual(simulator.summary().webhooks, { posted: 2, retried: 1 });
});

test('events can be doubled, lost and shuffled', async (t) => {
  const { url, received } = await receiver(t);
  const recipients = { opens: 1, clicks: 1 };
  const simulator = await aSimulator(t, { recipients, webhooks: { ...FAST, url, duplicates: 1 } });
  const sender = senderFor(t, simulator.url);
  await sender.send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.equal(received.length, 8);
  assert.equal(new Set(eventsIn(received).map(({ dedupeKey }) => dedupeKey)).size, 4);

  received.length = 0;
  simulator.configure({ webhooks: { ...FAST, url, lost: 1 } });
  await sender.send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.equal(received.length, 0);
  assert.equal(simulator.summary().webhooks.lost, 4);

  simulator.configure({ webhooks: { ...FAST, url, shuffle: true } });
  for (let i = 0; i < 5; i++) await sender.send(aMail({ to: `u${i}@example.org` }), TIMEOUT_MS);
  await simulator.drain();
  const orders = Object.values(Object.groupBy(eventsIn(received), ({ recipient }) => recipient ?? ''));
  assert.ok(new Set(orders.map((events) => events?.map(({ kind }) => kind).join())).size > 1);
  assert.ok(orders.every((events) => events?.length === 4));
});

test('an account can have an address of its own', async (t) => {
  const common = await receiver(t);
  const own = await receiver(t);
  const webhooks = { ...FAST, url: common.url, urlByApiUser: { user: own.url } };
  const simulator = await aSimulator(t, { webhooks });
  await senderFor(t, simulator.url).send(aMail(), TIMEOUT_MS);
  await simulator.drain();
  assert.deepEqual([common.received.length, own.received.length], [0, 2]);
});

test('instead of telling, the simulator can fetch pixel and link as a recipient would', async (t) => {
  const webhook = await receiver(t);
  const site = await receiver(t, (n) => [200, 302][n] ?? 200);
  const html = `<a href="${site.url}/click/1">x</a><a href="${site.url}/unsubscribe/1">no more</a><img src="${site.url}/open/1.gif">`;
  const recipients = { opens: 1, clicks: 1, machineOpens: 1, engagement: 'fetch' as const };
  const simulator = await aSimulator(t, { recipients, webhooks: { ...FAST, url: webhook.url } });
  await senderFor(t, simulator.url).send(aMail({ html }), TIMEOUT_MS);
  await simulator.drain();
  assert.deepEqual(
    site.received.map(({ request }) => `${request.method} ${request.url}`),
    ['GET /open/1.gif', 'GET /click/1'],
  );
  assert.equal(site.received[0]?.request.headers['user-agent'], 'Mozilla/5.0');
  assert.deepEqual(
    eventsIn(webhook.received).map(({ kind }) => kind),
    ['sent', 'delivered'],
  );
  assert.partialDeepStrictEqual(simulator.summary().webhooks, { fetched: 2, fetchesFailed: 0 });
});

test('nothing but this machine is ever fetched', () => {
  const targets = [
    'http://127.0.0.1:1/a',
    'http://localhost/a',
    'https://track.localhost/a',
    'http://[::1]/a',
    'http://example.com/a',
    'http://127.0.0.1.example.com/a',
    'http://localhost.example.com/a',
    'http://10.0.0.1/a',
    'file:///etc/passwd',
    'http://user@example.com#@127.0.0.1',
    'mailto:a@localhost',
    '/relative',
  ];
  const html = targets.map((target) => `<img src="${target}"><a href="${target}">x</a>`).join('');
  assert.deepEqual(localLinks(html), { pixels: targets.slice(0, 4), links: targets.slice(0, 4) });
});

test('a repeat is the same mail: its events are not told again', async (t) => {
  const { url, received } = await receiver(t);
  const simulator = await aSimulator(t, { webhooks: { ...FAST, url } });
  const sender = senderFor(t, simulator.url);
  const mail = aMail();
  await sender.send(mail, TIMEOUT_MS);
  await sender.send(mail, TIMEOUT_MS);
  await new SimulatorClient(simulator.url).drain();
  assert.equal(received.length, 2);
});

test('the courier keeps to its number of hands, and forgets on demand', async () => {
  let running = 0;
  let most = 0;
  const courier = new Courier(() => 3);
  for (let i = 0; i < 20; i++)
    courier.add(0, async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return null;
    });
  await courier.idle();
  assert.equal(most, 3);
  courier.add(1_000_000, () => assert.fail('forgotten jobs do not run'));
  courier.clear();
  assert.equal(courier.pending, 0);
  await courier.idle();
});
