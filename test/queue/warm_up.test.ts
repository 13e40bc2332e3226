// Promise: a service that warms up sends each day at most what its curve allows on that day, and what its quota allows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, aService, one } from '../support/scene.ts';
import { aLoop, answer, aWarmUp, claimed, msUntilMidnight, pastMidnight, sendAll, stopClock } from './allowances.ts';

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

/** What a service with more to do than it may sends on each of its next days. */
async function sentByDay(db: Queryable, serviceId: string, days: number): Promise<number[]> {
  const sent: number[] = [];
  for (let day = 1; day <= days; day += 1) {
    sent.push(await sendAll(db, serviceId, await aLoop(db, serviceId)));
    await pastMidnight(db, serviceId);
  }
  return sent;
}

test(
  'each line lasts until the next, the last one a day, then nothing holds the service back',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 60 });
    const serviceId = await aService(db, { intervalMs: 0 });
    await aWarmUp(db, serviceId, { 1: 2, 2: 4, 4: 8 });
    assert.deepEqual(await sentByDay(db, serviceId, 6), [2, 4, 4, 8, 42, 0]);
  }),
);

test(
  'the smaller of curve and quota counts, and after the curve the quota',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 60 });
    const serviceId = await aService(db, { intervalMs: 0, dailyQuota: 5 });
    await aWarmUp(db, serviceId, { 1: 2, 2: 40, 3: 4 });
    assert.deepEqual(await sentByDay(db, serviceId, 5), [2, 5, 4, 5, 5]);
  }),
);

test(
  'before its first day, and on days before the first line, the quota alone counts',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 60 });
    const serviceId = await aService(db, { intervalMs: 0, dailyQuota: 6 });
    await aWarmUp(db, serviceId, { 2: 1, 3: 3 });
    await db.query('update app_public.email_services set warm_up_started_on = warm_up_started_on + 1');
    assert.deepEqual(await sentByDay(db, serviceId, 5), [6, 6, 1, 3, 6]);
  }),
);

test(
  'a day at its cap is exhausted until midnight of the zone, where the next day begins',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 10 });
    const serviceId = await aService(db, { intervalMs: 0, timezone: 'Pacific/Auckland' });
    await aWarmUp(db, serviceId, { 1: 1, 2: 2 });
    const claim = await aLoop(db, serviceId);
    await answer(db, serviceId, claimed(await claim(5)));
    const told = await claim();
    const midnight = await msUntilMidnight(db, serviceId);
    assert.deepEqual(told, { outcome: 'exhausted', waitMs: midnight });
    await pastMidnight(db, serviceId, -1);
    const evening = await aLoop(db, serviceId);
    assert.deepEqual(await evening(), { outcome: 'exhausted', waitMs: 1_000 });
    await pastMidnight(db, serviceId, 0);
    assert.equal(await sendAll(db, serviceId, evening), 2);
  }),
);

test(
  'what was not sent is given back to its day',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 10 });
    const serviceId = await aService(db, { intervalMs: 0 });
    await aWarmUp(db, serviceId, { 1: 1 });
    const claim = await aLoop(db, serviceId);
    await answer(db, serviceId, claimed(await claim()), 'not_sent');
    assert.equal(claimed(await claim()).subTaskIds.length, 1);
  }),
);

test(
  'a service that warms up and is frozen for ever can be asked about',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    const serviceId = await aService(db);
    await aWarmUp(db, serviceId, { 1: 1 });
    await db.query(`update app_public.email_services set frozen_until = 'infinity'`);
    assert.equal(await one(db, 'select limiting from app_public.forecast_task($1)', [taskId]), 'nothing may send');
  }),
);
