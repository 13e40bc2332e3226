// One step, done by the calls that workers, jobs, the sweep and people make.
import { randomUUID } from 'node:crypto';
import { codeOf } from '../../../src/database/error_code.ts';
import { applyEvents, type EventToApply } from '../../../src/database/events/apply_events.ts';
import type { Queryable } from '../../../src/database/pool.ts';
import { releasePool } from '../../../src/database/pools/release_pool.ts';
import { type Begun, beginSends } from '../../../src/database/queue/begin_sends.ts';
import type { BulkVerb } from '../../../src/database/queue/change_batch.ts';
import { type Claim, claimSubTasks } from '../../../src/database/queue/claim_sub_tasks.ts';
import { completeSends } from '../../../src/database/queue/complete_sends.ts';
import { completeTasks } from '../../../src/database/queue/complete_tasks.ts';
import { endLoop } from '../../../src/database/queue/end_loop.ts';
import { markSending } from '../../../src/database/queue/mark_sending.ts';
import { pruneChanges } from '../../../src/database/queue/prune_changes.ts';
import { reapLeases } from '../../../src/database/queue/reap_leases.ts';
import { returnClaims } from '../../../src/database/queue/return_claims.ts';
import { takeLoop } from '../../../src/database/queue/take_loop.ts';
import { unfinishedChanges } from '../../../src/database/queue/unfinished_changes.ts';
import { foldCounters } from '../../../src/database/statistics/fold_counters.ts';
import { changeAll } from '../../../src/tasks/change_sub_tasks.ts';
import { one } from '../../support/scene.ts';
import type { Heard, PlainStep, Step } from './step.ts';
import { anEvent, aResult, softBounceLimit } from './words.ts';
import { claimOf, type Memory, mailOf, type World } from './world.ts';

/** What the step came to, as far as whoever did it can tell. */
export interface Answer {
  /** The claim, and whether a loop was taken for it; null: another pool has the loop, and this one never had it. */
  claim?: Claim | null;
  tookLoop?: boolean;
  /** What the worker acted on. */
  memory?: Memory;
  begun?: Begun;
  /** Results that came too late. */
  late?: string[];
  events?: EventToApply[];
  /** The SQLSTATE it was refused with. */
  refusal?: string;
}

/** No worker comes back with an answer after a day. */
const longestMemoryS = 86_400;

/** How a client does things: on a connection, with a clock to move. */
export interface Hand {
  db: Queryable;
  /** Runs one call; an error in it is undone. */
  attempt<T>(call: () => Promise<T>): Promise<T>;
  passTime(seconds: number): Promise<void>;
}

/** Errors that are answers: it can not go there from here; the service was locked for over a second, which a worker takes for "busy". */
const answers = ['TRANS', '55P03'];

/** @throws whatever else the database raises, a deadlock above all. */
export async function perform(hand: Hand, world: World, step: Step): Promise<Answer> {
  try {
    return await hand.attempt(() => act(hand, world, step));
  } catch (error) {
    const refusal = codeOf(error);
    if (answers.includes(refusal)) return { refusal };
    throw new Error(`${JSON.stringify(step)} failed with ${refusal}`, { cause: error });
  }
}

async function act(hand: Hand, world: World, step: Step): Promise<Answer> {
  const { db } = hand;
  switch (step.do) {
    case 'claim':
      return claim(db, world, step);
    case 'begin': {
      const memory = claimOf(world, step.claim);
      return { memory, begun: await beginSends(db, memory.token, memory.ids) };
    }
    case 'complete': {
      const memory = claimOf(world, step.claim);
      const results = memory.ids.map((id, n) => aResult(id, step.kinds[n % step.kinds.length] ?? 'accepted'));
      return { memory, late: await completeSends(db, world.services[memory.service], memory.token, results) };
    }
    case 'giveBack': {
      const memory = claimOf(world, step.claim);
      await returnClaims(db, world.services[memory.service], memory.token, memory.ids);
      return { memory };
    }
    case 'endLoop': {
      const token = world.loops.get(`${step.service} of ${step.pool}`) ?? randomUUID();
      await endLoop(db, world.services[step.service], token, { failed: step.failed, unanswered: null });
      return { memory: { service: step.service, token, ids: [] } };
    }
    case 'time':
      await hand.passTime(step.seconds);
      if (step.seconds > longestMemoryS) world.claims.length = 0;
      return {};
    case 'release':
      await releasePool(db, step.pool, step.isDead);
      return {};
    case 'events': {
      const now = await one<Date>(db, 'select app_hidden.current_time()');
      const events = step.events.map((heard) => eventOf(world, heard, now));
      await applyEvents(db, events, softBounceLimit);
      return { events };
    }
    case 'settle':
      await db.query('select app_public.settle_uncertain($1, $2)', [mailOf(world, step.mail), step.wasSent]);
      return {};
    case 'enable':
      await db.query('select app_public.set_email_service_enabled($1, $2)', [
        world.services[step.service],
        step.isEnabled,
      ]);
      return {};
    default:
      await plain[step.do](db, world);
      return {};
  }
}

const plain: Record<PlainStep, (db: Queryable, world: World) => Promise<unknown>> = {
  reap: (db) => reapLeases(db),
  pause: (db, { taskId }) => db.query('select app_public.pause_task($1)', [taskId]),
  resume: (db, { taskId }) => db.query('select app_public.resume_task($1)', [taskId]),
  cancel: verb('cancel_task', 'cancel'),
  retryFailed: verb('retry_failed', 'retry_failed'),
  resendUncertain: verb('resend_uncertain', 'resend_uncertain'),
  change,
  stop: (db) => db.query('select app_public.stop_sending()'),
  start: (db) => db.query('select app_public.start_sending()'),
  fold: foldCounters,
  prune: (db) => pruneChanges(db, 2, 100),
  completeTasks: (db) => completeTasks(db),
  markSending: (db, { taskId }) => markSending(db, taskId),
};

function verb(name: string, job: BulkVerb) {
  return async (db: Queryable, world: World): Promise<void> => {
    await db.query(`select app_public.${name}($1)`, [world.taskId]);
    world.jobs.add(job);
  };
}

async function change(db: Queryable, world: World): Promise<void> {
  for (const job of world.jobs) {
    world.jobs.delete(job);
    await changeAll(db, world.taskId, job, null);
  }
  for (const { taskId, verb } of await unfinishedChanges(db)) await changeAll(db, taskId, verb, null);
}

// A pool that has lost its loop does not know it: it claims with the token it had.
async function claim(db: Queryable, world: World, step: Extract<Step, { do: 'claim' }>): Promise<Answer> {
  const serviceId = world.services[step.service];
  const taken = await takeLoop(db, serviceId, step.pool);
  if (taken !== null) world.loops.set(`${step.service} of ${step.pool}`, taken);
  const token = world.loops.get(`${step.service} of ${step.pool}`);
  if (token === undefined) return { claim: null, tookLoop: false };
  const claim = await claimSubTasks(db, serviceId, token, step.limit);
  if (claim.outcome === 'claimed')
    world.claims.push({ service: step.service, token: claim.claimToken, ids: claim.subTaskIds });
  return { claim, tookLoop: taken !== null, memory: { service: step.service, token, ids: [] } };
}

function eventOf(world: World, { mail, kind, number, secondsAgo }: Heard, now: Date): EventToApply {
  const name = `${kind} ${number} of ${mail}`;
  const event =
    world.events.get(name) ??
    anEvent(mailOf(world, mail), kind, {
      // By the world's clock, too: what is said to have happened later than it was received happened when it was received.
      received_at: now.toISOString(),
      occurred_at: new Date(now.getTime() - secondsAgo * 1_000).toISOString(),
    });
  world.events.set(name, event);
  return event;
}
