// Promise: in any second a rated service hands over at most its rate and a tenth of it, and a loop that asks when it is told to gets the rate.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import type { Claim } from '../../src/database/queue/claim_sub_tasks.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, aService, clockForward, one } from '../support/scene.ts';
import { aLoop, answer, stopClock } from './allowances.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () =>
  withTransaction(database.pool, async (db) => {
    await stopClock(db);
    await work(db);
  });

interface Taken {
  /** Of the claim, in milliseconds since the scene began. */
  readonly at: number;
  readonly mails: number;
}

async function aRated(db: Queryable, ratePerSecond: number, recipients = 800, maxInFlight = 10_000) {
  const { taskId } = await aQueuedTask(db, { recipients });
  const serviceId = await aService(db, { intervalMs: 0, maxInFlight });
  await db.query('update app_public.email_services set rate_per_second = $2 where id = $1', [serviceId, ratePerSecond]);
  return { taskId, serviceId, claim: await aLoop(db, serviceId) };
}

/** Asks for `limit()` mails when told to, `late()` milliseconds too late each time, until `untilMs`. */
async function take(
  db: Queryable,
  claim: (limit?: number) => Promise<Claim>,
  untilMs: number,
  { late = () => 0, limit = () => 50 }: { late?: () => number; limit?: () => number } = {},
): Promise<Taken[]> {
  const taken: Taken[] = [];
  let at = 0;
  while (at < untilMs) {
    const told = await claim(limit());
    if (told.outcome === 'claimed') {
      taken.push({ at, mails: told.subTaskIds.length });
    } else {
      assert.ok(told.outcome === 'wait' && told.waitMs !== null && told.waitMs > 0, told.outcome);
      const ms = told.waitMs + late();
      at += ms;
      await clockForward(db, `${ms} ms`);
    }
  }
  return taken;
}

const sum = (taken: Taken[]) => taken.reduce((mails, one) => mails + one.mails, 0);

/** The most in any second. */
const most = (taken: Taken[]) =>
  Math.max(...taken.map(({ at: from }) => sum(taken.filter(({ at }) => at >= from && at < from + 1_000))));

for (const rate of [4, 15, 100, 400]) {
  test(
    `at ${rate} a second, asked for in time`,
    inTransaction(async (db) => {
      const seconds = rate > 100 ? 1.8 : 4;
      const { claim } = await aRated(db, rate);
      const taken = await take(db, claim, seconds * 1_000);
      const bound = rate + Math.max(rate / 10, 1);
      assert.ok(most(taken) <= bound, `${most(taken)} in a second`);
      assert.ok(sum(taken) >= 0.95 * rate * seconds, `${sum(taken)} in ${seconds} s`);
    }),
  );
}

test(
  'batches are small: a tenth of a second at most, and one mail where that is less than one',
  inTransaction(async (db) => {
    const { claim } = await aRated(db, 100);
    const taken = await take(db, claim, 1_000, { limit: () => 1_000 });
    assert.ok(Math.max(...taken.map(({ mails }) => mails)) <= 10);
  }),
);

test(
  'asked for now late, now in time, and in batches of any size, a second never has more',
  inTransaction(async (db) => {
    const { claim } = await aRated(db, 100);
    const lates = [0, 7, 0, 63, 180, 0, 0, 31, 49, 0, 51];
    const limits = [50, 1, 9, 3, 50, 2, 50, 7];
    let late = 0;
    let limit = 0;
    const taken = await take(db, claim, 4_000, {
      late: () => lates[late++ % lates.length] ?? 0,
      limit: () => limits[limit++ % limits.length] ?? 1,
    });
    assert.ok(most(taken) <= 110, `${most(taken)} in a second`);
  }),
);

test(
  'a loop that is always some 20 ms late loses nothing',
  inTransaction(async (db) => {
    const { claim } = await aRated(db, 100);
    const taken = await take(db, claim, 4_000, { late: () => 20 });
    assert.ok(sum(taken) >= 380, `${sum(taken)} in 4 s`);
  }),
);

test(
  'a rest is not made up for by a burst',
  inTransaction(async (db) => {
    const { claim } = await aRated(db, 100);
    const first = await take(db, claim, 1_000, { late: () => 900 });
    assert.ok(most(first) <= 20, `${most(first)} at once after a rest`);
  }),
);

test(
  'less than one mail a second: the loop ends, and the next run is when the rate allows it',
  inTransaction(async (db) => {
    const { serviceId, claim } = await aRated(db, 0.1, 5);
    const first = await claim();
    assert.ok(first.outcome === 'claimed');
    await answer(db, serviceId, first);
    const told = await claim();
    assert.ok(told.outcome === 'wait' && told.waitMs !== null && told.waitMs > 9_900 && told.waitMs <= 10_000);
    const next = await one<number>(
      db,
      `select app_hidden.ms_until(app_hidden.next_run_at(s), app_hidden.current_time()) from app_public.email_services s where id = $1`,
      [serviceId],
    );
    assert.equal(next, told.waitMs);
    await db.query('update app_public.email_services set rate_per_second = null where id = $1', [serviceId]);
    assert.equal((await claim()).outcome, 'claimed');
  }),
);

test(
  'the slots still bound what is under way',
  inTransaction(async (db) => {
    const { claim } = await aRated(db, 1_000, 20, 3);
    const first = await claim(50);
    assert.ok(first.outcome === 'claimed' && first.subTaskIds.length === 3);
    await clockForward(db, '500 ms');
    assert.equal((await claim(50)).outcome, 'full');
  }),
);
