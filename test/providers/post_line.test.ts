// Promise: a request whose time is up is not written, not even when it ran out while the request was formed.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { PostLine } from '../../src/providers/post_line.ts';

test('a process stopped while it forms a request writes nothing of it when it wakes', async (t) => {
  const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
  const server = createServer(resolve).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');

  let now = 0;
  t.mock.method(performance, 'now', () => now);
  // Each look at the body takes 600 ms: one for its length, before the connection, and one to write it.
  const body = Object.defineProperty([], 0, {
    get() {
      now += 600;
      return Buffer.from('{}');
    },
    enumerable: true,
  });
  const line = new PostLine(new URL(`http://127.0.0.1:${address.port}/`));
  t.after(() => line.close());
  assert.equal((await line.post({}, body, 1_000)).kind, 'unwritten');
  assert.deepEqual(await (await accepted).toArray(), []);
});
