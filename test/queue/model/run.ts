// Plays steps: alone in a transaction beside the model, or by several clients at once without it.
import type pg from 'pg';
import type { Queryable } from '../../../src/database/pool.ts';
import { clockForward } from '../../support/scene.ts';
import { assertEnds } from './end.ts';
import { assertInvariants } from './invariants.ts';
import { aModel, next } from './model.ts';
import { observe, type Seen } from './observe.ts';
import { type Hand, perform } from './perform.ts';
import type { Step } from './step.ts';
import { type Scene, untouched, type World } from './world.ts';

/** Every step is followed by the model and by all invariants, and what it leaves comes to an end. Nothing remains of it. */
export function playAlone(pool: pg.Pool, scene: Scene, steps: readonly Step[]): Promise<void> {
  return rolledBack(pool, async (db) => {
    const hand = inTransaction(db);
    const world = untouched(scene);
    let before = await observe(db, scene);
    let model = aModel(scene, before);
    for (const step of steps) {
      const answer = await perform(hand, world, step);
      const after = await observe(db, scene);
      assertInvariants(after, scene);
      model = next(model, step, before, after, scene, answer);
      before = after;
    }
    await assertEnds(hand, world);
  });
}

/** The end of steps that are played without the model. Nothing remains of them. */
export function seenAfter(pool: pg.Pool, scene: Scene, steps: readonly Step[]): Promise<Seen> {
  return rolledBack(pool, async (db) => {
    await play(inTransaction(db), untouched(scene), steps);
    return observe(db, scene);
  });
}

/** Several clients at once, each with its own steps and connection. @throws when a call fails with a code that is not an answer. */
export async function playTogether(pool: pg.Pool, scene: Scene, clients: readonly (readonly Step[])[]): Promise<void> {
  const world = untouched(scene);
  const clock = { seconds: 0 };
  const watching = new AbortController();
  const watched = Promise.allSettled([watch(pool, scene, watching.signal)]);
  const ends = await Promise.allSettled(
    clients.map((steps) => withHand(pool, clock, (hand) => play(hand, world, steps))),
  );
  watching.abort();
  for (const end of [...ends, ...(await watched)]) if (end.status === 'rejected') throw end.reason;
  await withHand(pool, clock, (hand) => assertEnds(hand, world));
}

async function play(hand: Hand, world: World, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await perform(hand, world, step);
}

/** Whatever is committed at any moment is in order. */
async function watch(pool: pg.Pool, scene: Scene, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) assertInvariants(await observe(pool, scene), scene);
}

/** A connection of its own, under a clock that all clients share. */
async function withHand<T>(pool: pg.Pool, clock: { seconds: number }, work: (hand: Hand) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work({
      db: client,
      async attempt(call) {
        await client.query(`select set_config('postilion.clock_offset', $1, false)`, [`${clock.seconds} s`]);
        return call();
      },
      async passTime(seconds) {
        clock.seconds += seconds;
      },
    });
  } finally {
    await client.query('reset postilion.clock_offset').finally(() => client.release());
  }
}

// Not the one of test/support/database.ts: that belongs to test files, and this runs in commands, too.
async function rolledBack<T>(pool: pg.Pool, work: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    return await work(client);
  } finally {
    await client.query('rollback').finally(() => client.release());
  }
}

function inTransaction(db: Queryable): Hand {
  return {
    db,
    async attempt(call) {
      await db.query('savepoint attempt');
      try {
        return await call();
      } catch (error) {
        await db.query('rollback to savepoint attempt');
        throw error;
      }
    },
    passTime: (seconds) => clockForward(db, `${seconds} s`),
  };
}
