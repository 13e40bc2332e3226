// Promise: a known secret costs no statement for two seconds, a new one works at once, and guessing costs one statement at a time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashOfPathSecret } from '../../src/database/webhooks/webhook_secret.ts';
import { Doors } from '../../src/server/webhooks/doors.ts';
import { BacklogFull } from '../../src/server/webhooks/recorder.ts';

/** A database that answers when the test lets it. */
function aDesk(...secrets: string[]) {
  const right = new Set(secrets);
  const asked: number[] = [];
  const gates: PromiseWithResolvers<void>[] = [];
  let ms = 0;
  const doors = new Doors({
    now: () => ms,
    async lookUp(hashes) {
      asked.push(hashes.length);
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      await gate.promise;
      const isAsked = (secret: string) => hashes.some((hash) => hash.equals(hashOfPathSecret(secret)));
      return new Map(
        [...right]
          .filter(isAsked)
          .map((secret) => [
            hashOfPathSecret(secret).toString('hex'),
            { serviceId: secret, provider: 'engagelab', source: null, signingSecrets: [] },
          ]),
      );
    },
  });
  return {
    find: (secret: string) => doors.find(secret),
    /** The same, answered at once. */
    async findNow(secret: string) {
      const found = doors.find(secret);
      gates.shift()?.resolve();
      return (await found)?.serviceId ?? null;
    },
    right,
    asked,
    letThrough: () => gates.shift()?.resolve(),
    breakDown: () => gates.shift()?.reject(new Error('gone')),
    later: (by: number) => {
      ms += by;
    },
  };
}

test('a known secret is asked for once in two seconds, and a revoked one is wrong then', async () => {
  const { findNow, right, asked, later } = aDesk('a');
  for (let time = 0; time < 1_999; time += 500) {
    assert.equal(await findNow('a'), 'a');
    later(500);
  }
  assert.deepEqual(asked, [1]);
  right.delete('a');
  assert.equal(await findNow('a'), null);
  assert.deepEqual(asked, [1, 1]);
});

test('a secret that was wrong works as soon as it is right', async () => {
  const { findNow, right } = aDesk();
  assert.equal(await findNow('new'), null);
  right.add('new');
  assert.equal(await findNow('new'), 'new');
});

test('while one statement is under way, all others wait for the next, each secret once', async () => {
  const { find, asked, letThrough } = aDesk('a', 'b');
  const first = find('a');
  const others = ['b', 'b', 'wrong'].map(find);
  letThrough();
  assert.equal((await first)?.serviceId, 'a');
  letThrough();
  assert.deepEqual(
    (await Promise.all(others)).map((door) => door?.serviceId ?? null),
    ['b', 'b', null],
  );
  assert.deepEqual(asked, [1, 2]);
});

test('a statement that fails fails those who waited for it, and nobody else', async () => {
  const { find, findNow, breakDown } = aDesk('a');
  const first = find('a');
  breakDown();
  await assert.rejects(first, /gone/);
  assert.equal(await findNow('a'), 'a');
});

test('so many wait and no more', async () => {
  const { find, letThrough } = aDesk();
  const first = find('first');
  const waiting = Array.from({ length: 2_000 }, (_, number) => find(String(number)));
  await assert.rejects(find('one more'), BacklogFull);
  for (let statement = 0; statement < 5; statement++) {
    letThrough();
    await new Promise(setImmediate);
  }
  assert.equal((await Promise.all([first, ...waiting])).length, 2_001);
});
