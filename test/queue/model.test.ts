// Promise: whatever happens to a queue, and in whatever order, its states are those the design gives it, its books are in order, and it comes
// to an end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { SendResult } from '../../src/database/queue/complete_sends.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { assertInvariants } from './model/invariants.ts';
import { playAlone, playTogether, seenAfter } from './model/run.ts';
import { type Step, steps } from './model/step.ts';
import { aScene, type Scene } from './model/world.ts';

let database: TestDatabase;
let scene: Scene;
before(async () => {
  database = await createTestDatabase();
  scene = await aScene(database.pool, 3);
});
after(() => database.close());

test('alone, step by step beside a model', () =>
  fc.assert(
    fc.asyncProperty(steps(30), (steps) => playAlone(database.pool, scene, steps)),
    { numRuns: 25 },
  ));

test('together, as several clients at once', () =>
  fc.assert(
    fc.asyncProperty(fc.array(steps(30), { minLength: 4, maxLength: 4 }), async (clients) =>
      playTogether(database.pool, await aScene(database.pool, 8), clients),
    ),
    { numRuns: 6, endOnFailure: true },
  ));

const sent = (kinds: SendResult['kind'][], limit = 3): Step[] => [
  { do: 'claim', service: 'rated', pool: 'pool one', limit },
  { do: 'begin', claim: 0 },
  { do: 'complete', claim: 0, kinds },
];

/** Sequences that went wrong once. */
const found: Record<string, Step[]> = {
  'a Task that is completed between retry_failed and its job is open again': [
    ...sent(['accepted', 'refused']),
    ...sent(['accepted']),
    { do: 'completeTasks' },
    { do: 'retryFailed' },
    { do: 'completeTasks' },
    { do: 'change' },
  ],
  'the quota of a mail that its recipient complained of is used, whatever its worker was told': [
    ...sent([], 1).slice(0, 2),
    { do: 'events', events: [{ mail: 0, kind: 'complaint', number: 0, secondsAgo: 0 }] },
    { do: 'complete', claim: 0, kinds: ['unusable'] },
  ],
  'a word that comes a day after the hand-over it speaks of is heard': [
    ...sent([], 1).slice(0, 2),
    { do: 'time', seconds: 90_000 },
    { do: 'events', events: [{ mail: 0, kind: 'sent', number: 0, secondsAgo: 0 }] },
    { do: 'reap' },
  ],
};
for (const [name, steps] of Object.entries(found)) test(name, () => playAlone(database.pool, scene, steps));

test('a mail that the provider said it took is sent, though its worker got no answer', async () => {
  const { mails } = await seenAfter(database.pool, scene, [
    { do: 'claim', service: 'rated', pool: 'pool one', limit: 1 },
    { do: 'begin', claim: 0 },
    { do: 'events', events: [{ mail: 0, kind: 'sent', number: 0, secondsAgo: 0 }] },
    { do: 'complete', claim: 0, kinds: ['unknown'] },
  ]);
  assert.equal(mails[0]?.status, 'sent');
});

test('an answer that comes after its Task was completed leaves nothing waiting', async () => {
  const day: Step = { do: 'time', seconds: 86_400 };
  const seen = await seenAfter(database.pool, scene, [
    ...sent(['accepted', 'unknown']),
    day,
    ...sent(['accepted']),
    ...[day, day, day],
    { do: 'completeTasks' },
    { do: 'complete', claim: 1, kinds: ['accepted', 'not_sent'] },
  ]);
  assert.equal(seen.task.status, 'completed');
  assertInvariants(seen, scene);
});
