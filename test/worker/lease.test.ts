// Promise: a lease is extended only while an answer is outstanding, and nothing is written that it might not cover.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLogger } from '../../src/log.ts';
import { Lease } from '../../src/worker/lease.ts';

const leaseMs = 30_000;

function aLease(t: TestContext, since: number, extend: (ids: string[]) => Promise<string[]> = async (ids) => ids) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const asked: string[][] = [];
  const lease = new Lease({
    ids: ['a', 'b'],
    since,
    leaseMs,
    timeoutMs: 15_000,
    extend: (ids) => {
      asked.push(ids);
      return extend(ids);
    },
    log: createLogger({ LOG_LEVEL: 'fatal' }),
  });
  return { lease, asked };
}

test('each third of it, for those that are not answered, until it is over', (t) => {
  const { lease, asked } = aLease(t, performance.now());
  t.mock.timers.tick(leaseMs / 3 - 1);
  assert.deepEqual(asked, []);
  lease.answered('a');
  t.mock.timers.tick(1);
  assert.deepEqual(asked, [['b']]);
  lease[Symbol.dispose]();
  t.mock.timers.tick(leaseMs);
  assert.equal(asked.length, 1);
});

test('nothing is asked for once all are answered', (t) => {
  const { lease, asked } = aLease(t, performance.now());
  lease.answered('a');
  lease.answered('b');
  t.mock.timers.tick(leaseMs);
  assert.deepEqual(asked, []);
});

test('a lease that is too old to cover a timeout allows nothing until it is renewed', async (t) => {
  const given = Promise.withResolvers<string[]>();
  const { lease } = aLease(t, performance.now() - leaseMs / 2, () => given.promise);
  assert.equal(lease.mayWrite('a', performance.now()), false);
  t.mock.timers.tick(leaseMs / 3);
  assert.equal(lease.mayWrite('a', performance.now()), false);
  given.resolve(['a']);
  await new Promise(setImmediate);
  const now = performance.now();
  assert.deepEqual([lease.mayWrite('a', now), lease.mayWrite('b', now)], [true, false]);
});
