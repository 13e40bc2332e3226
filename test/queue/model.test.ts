// Promise: whatever happens to a queue, and in whatever order, its states are those the design gives it, its books are in order, and it comes
// to an end.
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import type { SendResult } from '../../src/database/queue/complete_sends.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { playAlone } from './model/run.ts';
import { type Step, steps } from './model/step.ts';
import { aScene, type Scene } from './model/world.ts';

let database: TestDatabase;
let scene: Scene;
before(async () => {
  database = await createTestDatabase();
  scene = await aScene(database.pool);
});
after(() => database.close());

test('alone, step by step beside a model', () =>
  fc.assert(
    fc.asyncProperty(steps(30), (steps) => playAlone(database.pool, scene, steps)),
    { numRuns: Number(process.env['RUNS'] ?? 40) },
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
};
for (const [name, steps] of Object.entries(found)) test(name, () => playAlone(database.pool, scene, steps));
