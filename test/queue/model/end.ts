// Whatever happened, an ordinary worker that comes afterwards brings the Task to its end.
import assert from 'node:assert/strict';
import { assertInvariants } from './invariants.ts';
import { observe } from './observe.ts';
import { type Hand, perform } from './perform.ts';
import { poolNames, type Step, serviceNames } from './step.ts';
import type { World } from './world.ts';

const hour = 3_600;

/** Dead workers are given up, what was halted goes on, and jobs that were stored run. */
const settling: Step[] = [
  ...poolNames.map((pool): Step => ({ do: 'release', pool, isDead: true })),
  { do: 'start' },
  ...serviceNames.map((service): Step => ({ do: 'enable', service, isEnabled: true })),
  { do: 'resume' },
  { do: 'change' },
  // What is uncertain may stay so; its Task waits for it 72 hours.
  { do: 'time', seconds: 73 * hour },
];

const round: Step[] = [
  ...serviceNames.flatMap((service): Step[] => [
    { do: 'claim', service, pool: 'pool one', limit: 10 },
    { do: 'begin', claim: 0 },
    { do: 'complete', claim: 0, kinds: ['accepted'] },
  ]),
  { do: 'time', seconds: 25 * hour },
  { do: 'completeTasks' },
];

const rounds = 20;

export async function assertEnds(hand: Hand, world: World): Promise<void> {
  for (const step of settling) await perform(hand, world, step);
  for (let number = 0; number < rounds && !(await hasEnded(hand, world)); number += 1)
    for (const step of round) await perform(hand, world, step);
  const seen = await observe(hand.db, world);
  assertInvariants(seen, world);
  const open = seen.mails.filter(({ status }) => ['pending', 'allocated', 'sending'].includes(status));
  assert.deepEqual(open, [], 'nothing stays open for ever');
  assert.match(seen.task.status, /completed|cancelled/, 'the Task ends');
}

async function hasEnded({ db }: Hand, world: World): Promise<boolean> {
  const { task } = await observe(db, world);
  return task.status === 'completed' || task.status === 'cancelled';
}
