// What may happen to a queue, as data: a sequence of steps can be drawn at random, made smaller, printed, and played again.
import fc from 'fast-check';
import type { SendResult } from '../../../src/database/queue/complete_sends.ts';
import { type EventKind, eventKinds, resultKinds } from './words.ts';

export const serviceNames = ['paced', 'rated'] as const;
export type ServiceName = (typeof serviceNames)[number];

export const poolNames = ['pool one', 'pool two'] as const;
export type PoolName = (typeof poolNames)[number];

/** Few, so that a Task comes to its end and what happens behind it is seen, too. */
export const mailCount = 3;

/** The same words mean the same event: heard again, it is a repeat. */
export interface Heard {
  mail: number;
  kind: EventKind;
  number: number;
  /** When it is heard for the first time. */
  secondsAgo: number;
}

/** Mails and events are named by number; claims by number, modulo those made so far, newest first. */
export type Step =
  | { do: 'claim'; service: ServiceName; pool: PoolName; limit: number }
  | { do: 'begin' | 'giveBack'; claim: number }
  | { do: 'complete'; claim: number; kinds: SendResult['kind'][] }
  | { do: 'endLoop'; service: ServiceName; pool: PoolName; failed: boolean }
  | { do: 'time'; seconds: number }
  | { do: 'release'; pool: PoolName; isDead: boolean }
  | { do: 'events'; events: Heard[] }
  | { do: 'settle'; mail: number; wasSent: boolean }
  | { do: 'enable'; service: ServiceName; isEnabled: boolean }
  | { do: PlainStep };

const plainSteps = [
  'reap',
  'pause',
  'resume',
  'cancel',
  'retryFailed',
  'resendUncertain',
  'change',
  'stop',
  'start',
  'fold',
  'prune',
  'completeTasks',
  'markSending',
] as const;
/** `change`: the job behind the bulk verbs runs, and the sweep behind the job. */
export type PlainStep = (typeof plainSteps)[number];

const service = fc.constantFrom(...serviceNames);
const pool = fc.constantFrom(...poolNames);
const claim = fc.nat({ max: 7 });
const mail = fc.nat({ max: 11 });
const event = fc.record({
  mail,
  kind: fc.constantFrom(...eventKinds),
  number: fc.nat({ max: 1 }),
  secondsAgo: fc.constantFrom(0, 45, 3_600, 100_000),
});

const kinds = fc.array(fc.constantFrom(...resultKinds), { minLength: 1, maxLength: 3 });

const crossing: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('claim'), service, pool, limit: fc.integer({ min: 1, max: 4 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('begin'), claim }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('complete'), claim, kinds }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('giveBack'), claim }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('endLoop'), service, pool, failed: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('time'), seconds: fc.constantFrom(11, 31, 700, 90_000, 270_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release'), pool, isDead: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('events'), events: fc.array(event, { minLength: 1, maxLength: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle'), mail, wasSent: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('enable'), service, isEnabled: fc.boolean() }) },
  { weight: 13, arbitrary: fc.record({ do: fc.constantFrom(...plainSteps) }) },
);

/** A hand-over from its claim to some point of its way. */
const handOver: fc.Arbitrary<Step[]> = fc
  .record({ service, pool, limit: fc.constantFrom(1, 3), kinds, length: fc.integer({ min: 2, max: 3 }) })
  .map(({ service, pool, limit, kinds, length }) => {
    const way: Step[] = [
      { do: 'claim', service, pool, limit },
      { do: 'begin', claim: 0 },
      { do: 'complete', claim: 0, kinds },
    ];
    return way.slice(0, length);
  });

/** Mails under way, and what crosses them. */
export function steps(length: number): fc.Arbitrary<Step[]> {
  const few = fc.oneof({ weight: 1, arbitrary: handOver }, { weight: 2, arbitrary: crossing.map((one) => [one]) });
  return fc.array(few, { maxLength: length, size: 'max' }).map((parts) => parts.flat().slice(0, length));
}
