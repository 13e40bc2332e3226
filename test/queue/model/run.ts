// Plays steps: alone in a transaction beside the model, or by several clients at once without it.
import type pg from 'pg';
import type { Queryable } from '../../../src/database/pool.ts';
import { withTransaction } from '../../support/database.ts';
import { clockForward } from '../../support/scene.ts';
import { assertEnds } from './end.ts';
import { assertInvariants } from './invariants.ts';
import { aModel, next } from './model.ts';
import { observe } from './observe.ts';
import { type Hand, perform } from './perform.ts';
import type { Step } from './step.ts';
import { type Scene, untouched } from './world.ts';

/** Every step is followed by the model and by all invariants, and what it leaves comes to an end. Nothing remains of it. */
export function playAlone(pool: pg.Pool, scene: Scene, steps: readonly Step[]): Promise<void> {
  return withTransaction(pool, async (db) => {
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
