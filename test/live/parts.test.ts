// Promise: a client that is slow is told less often and never piles up messages; a statement is shared by those of equal rights alone.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { drained } from '../../src/server/graphql/live/flow.ts';
import { Mailbox } from '../../src/server/graphql/live/mailbox.ts';
import { SharedReads } from '../../src/server/graphql/live/shared_reads.ts';
import { Subscription, unlessEnded } from '../../src/server/graphql/live/subscription.ts';

test('signals that come while a client is slow are one look, when it is ready', async () => {
  const mailbox = new Mailbox(() => {});
  let looks = 0;
  let isReady = Promise.withResolvers<void>();
  const looking = { look: async () => (looks += 1), ready: () => isReady.promise };
  const subscription = new Subscription<number>(mailbox, looking);
  const first = subscription.next();
  for (let signals = 0; signals < 100; signals += 1) mailbox.put();
  isReady.resolve();
  assert.equal((await first).value, 1);
  isReady = Promise.withResolvers();
  mailbox.put();
  const second = subscription.next();
  mailbox.put();
  isReady.resolve();
  assert.equal((await second).value, 2);
  await subscription.return();
  assert.equal((await subscription.next()).done, true);
});

test('a database that is away is asked again; another error ends the subscription', async () => {
  const mailbox = new Mailbox(() => {});
  const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const answers = [() => Promise.reject(away), async () => 'back', () => Promise.reject(new Error('a mistake'))];
  const look = () => answers.shift()?.() ?? Promise.reject(new Error('nobody asks any more'));
  const subscription = new Subscription<string>(mailbox, { look, ready: async () => {} });
  mailbox.put();
  assert.equal((await subscription.next()).value, 'back');
  mailbox.put();
  const last = await subscription.next();
  assert.throws(() => unlessEnded(last.value), /a mistake/);
  assert.equal((await subscription.next()).done, true);
});

test('a socket is ready when its client has taken what was written', async () => {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  const client = connect(address.port);
  const [accepted] = await once(server, 'connection');
  const socket: Socket = accepted;
  await drained(socket);
  client.pause();
  while (socket.write(Buffer.alloc(1_000_000)));
  let isDrained = false;
  const draining = drained(socket).then(() => {
    isDrained = true;
  });
  assert.equal(drained(socket), drained(socket), 'all subscriptions of a socket wait together');
  assert.equal(isDrained, false);
  client.resume();
  await draining;
  while (socket.write(Buffer.alloc(1_000_000)));
  const gone = drained(socket);
  client.destroy();
  await gone;
  server.close();
});

test('a statement is sent once for those who ask before it is sent, with the same settings', async () => {
  const sent: string[] = [];
  const release: (() => void)[] = [];
  const reads = new SharedReads();
  const lend = reads.sharing(async (settings, work) => {
    await new Promise<void>((resolve) => release.push(resolve));
    return work({
      query: async ({ text }) => {
        sent.push(`${settings?.['role']}: ${text}`);
        return { rows: [], rowCount: 0 };
      },
      withTransaction: () => Promise.reject(new Error('not asked for')),
      get rawClient(): never {
        throw new Error('not asked for');
      },
    });
  });
  const ask = (role: string, text: string) => lend({ role }, (client) => client.query({ text }));
  const asked = [ask('one', 'a'), ask('one', 'a'), ask('two', 'a'), ask('one', 'b')];
  for (const go of release.splice(0)) go();
  await Promise.all(asked);
  assert.deepEqual(sent.toSorted(), ['one: a', 'one: b', 'two: a']);
  const later = ask('one', 'a');
  for (const go of release.splice(0)) go();
  await later;
  assert.equal(sent.length, 4);
});
