// Promise: where few mails wait, the better service gets them; nobody waits for it longer than a second, or in vain.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, aService, clockForward, one } from '../support/scene.ts';
import { aCap, aLane, aLoop, answer, claimed, stopClock } from './allowances.ts';

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

const successRate = (db: Queryable, id: string) =>
  one<number>(db, 'select success_rate::float8 from app_public.email_services where id = $1', [id]);

const set = (db: Queryable, id: string, assignment: string) =>
  db.query(`update app_public.email_services set ${assignment} where id = $1`, [id]);

/** A service with every success, one with half of them, and a Task that has just been generated. */
async function aPair(db: Queryable, { recipients = 1, intervalMs = 0 } = {}) {
  const better = await aService(db, { intervalMs });
  const worse = await aService(db, { intervalMs });
  await set(db, worse, 'success_rate = 0.5');
  const scene = await aQueuedTask(db, { recipients, domains: ['big.example'] });
  return { ...scene, better, worse, claimWorse: await aLoop(db, worse) };
}

test(
  'one mail and two free services: the worse waits a tenth of a second, the better takes it',
  inTransaction(async (db) => {
    const { better, claimWorse } = await aPair(db);
    assert.deepEqual(await claimWorse(), { outcome: 'wait', waitMs: 100 });
    assert.equal(claimed(await (await aLoop(db, better))()).subTaskIds.length, 1);
    assert.equal((await claimWorse()).outcome, 'no_work');
  }),
);

test(
  'what nobody has taken for a second the worse takes',
  inTransaction(async (db) => {
    const { claimWorse } = await aPair(db);
    assert.equal((await claimWorse()).outcome, 'wait');
    await clockForward(db, '1 s');
    claimed(await claimWorse());
  }),
);

test(
  'among equals who has the larger share of its quota left is the better',
  inTransaction(async (db) => {
    const rested = await aService(db, { intervalMs: 0, dailyQuota: 10 });
    const used = await aService(db, { intervalMs: 0, dailyQuota: 1_000 });
    await set(db, used, `used_quota = 100, quota_day = (app_hidden.current_time() at time zone 'UTC')::date`);
    await set(db, used, 'success_rate = 0.97');
    await aQueuedTask(db, { recipients: 1 });
    assert.equal((await (await aLoop(db, used))()).outcome, 'wait');
    claimed(await (await aLoop(db, rested))());
  }),
);

test(
  'success counts before quota',
  inTransaction(async (db) => {
    const rested = await aService(db, { intervalMs: 0 });
    const reliable = await aService(db, { intervalMs: 0, dailyQuota: 100 });
    await set(db, reliable, `used_quota = 90, quota_day = (app_hidden.current_time() at time zone 'UTC')::date`);
    await set(db, rested, 'success_rate = 0.8');
    await aQueuedTask(db, { recipients: 1 });
    assert.equal((await (await aLoop(db, rested))()).outcome, 'wait');
    claimed(await (await aLoop(db, reliable))());
  }),
);

test(
  'between services alike nobody waits',
  inTransaction(async (db) => {
    const { worse, claimWorse } = await aPair(db);
    await set(db, worse, 'success_rate = 0.96');
    claimed(await claimWorse());
  }),
);

test(
  'with more mails than better services nobody waits, with as many the worse does',
  inTransaction(async (db) => {
    const { claimWorse } = await aPair(db, { recipients: 2 });
    const second = await aService(db, { intervalMs: 0 });
    assert.equal((await claimWorse()).outcome, 'wait');
    await set(db, second, 'is_enabled = false');
    claimed(await claimWorse());
  }),
);

const noBetter: [string, (db: Queryable, id: string) => Promise<unknown>][] = [
  ['frozen', (db, id) => set(db, id, `frozen_until = app_hidden.current_time() + interval '5 s'`)],
  ['disabled', (db, id) => set(db, id, 'is_enabled = false')],
  ['exhausted', (db, id) => set(db, id, 'daily_quota = 0')],
  ['full', (db, id) => set(db, id, 'in_flight = max_in_flight')],
  ['not permitted', (db, id) => set(db, id, 'is_shared = false')],
  [
    'out of its rate',
    (db, id) => set(db, id, `rate_per_second = 0.1, rate_until = app_hidden.current_time() + interval '5 s'`),
  ],
];
for (const [name, make] of noBetter) {
  test(
    `a service that is ${name} is no better one`,
    inTransaction(async (db) => {
      const { better, claimWorse } = await aPair(db);
      await make(db, better);
      claimed(await claimWorse());
    }),
  );
}

test(
  'a service that may send no more into the lane is no better one',
  inTransaction(async (db) => {
    await aLane(db, 'big', 'big.example');
    const { better, claimWorse } = await aPair(db);
    await aCap(db, better, 'big', 0);
    claimed(await claimWorse());
  }),
);

test(
  'a mail that is tried again is left to the better for a second, too',
  inTransaction(async (db) => {
    const { taskId, claimWorse } = await aPair(db);
    await clockForward(db, '10 minutes');
    await db.query(
      `update app_public.sub_tasks set available_at = app_hidden.current_time() - interval '500 ms' where task_id = $1`,
      [taskId],
    );
    assert.equal((await claimWorse()).outcome, 'wait');
    await clockForward(db, '1 s');
    claimed(await claimWorse());
  }),
);

test(
  'while one Task is left to the better service, the worse serves another',
  inTransaction(async (db) => {
    const { taskId, claimWorse, workspaceId } = await aPair(db);
    const { taskId: large } = await aQueuedTask(db, { recipients: 5, workspaceId });
    await db.query('update app_public.tasks set priority = 1 where id = $1', [taskId]);
    assert.equal(claimed(await claimWorse()).taskId, large);
  }),
);

for (const kind of ['deferred', 'unusable', 'unknown'] as const) {
  test(
    `the success rate falls with ${kind} and rises again with what is accepted`,
    inTransaction(async (db) => {
      await aQueuedTask(db, { recipients: 300 });
      const id = await aService(db, { intervalMs: 0, maxInFlight: 200 });
      const claim = await aLoop(db, id);
      await answer(db, id, claimed(await claim(1)), kind);
      const fallen = await successRate(db, id);
      assert.ok(Math.abs(fallen - 0.98) < 1e-6, String(fallen));
      await clockForward(db, '2 minutes');
      await answer(db, id, claimed(await (await aLoop(db, id))(1)));
      const risen = await successRate(db, id);
      assert.ok(risen > fallen && risen < 1);
    }),
  );
}

for (const kind of ['refused', 'not_sent'] as const) {
  test(
    `the success rate is not touched by ${kind}, which tells nothing about the service`,
    inTransaction(async (db) => {
      await aQueuedTask(db);
      const id = await aService(db, { intervalMs: 0 });
      await set(db, id, 'success_rate = 0.75');
      await answer(db, id, claimed(await (await aLoop(db, id))(2)), kind);
      assert.equal(await successRate(db, id), 0.75);
    }),
  );
}

test(
  'some hundred hand-overs make up the rate, one by one or at once',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 150 });
    const id = await aService(db, { intervalMs: 0, maxInFlight: 200 });
    await set(db, id, 'success_rate = 0');
    await answer(db, id, claimed(await (await aLoop(db, id))(100)));
    const risen = await successRate(db, id);
    assert.ok(Math.abs(risen - (1 - 0.98 ** 100)) < 1e-5, String(risen));
  }),
);
