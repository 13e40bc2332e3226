// Promise: what the sweep mends is in the audit trail, with what, why and how many; a run that finds nothing leaves nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { releasePool } from '../../src/database/pools/release_pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { createLogger } from '../../src/log.ts';
import { sweep } from '../../src/worker/sweep.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, clockForward, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const log = createLogger({ LOG_LEVEL: 'silent' });
const repairs = async (db: Queryable, what?: string) =>
  (
    await db.query(
      'select what, subject, why, how_many::integer, detail from app_hidden.repairs where $1::text is null or what = $1 order by id',
      [what ?? null],
    )
  ).rows;
const aPool = (db: Queryable) => db.query(`select app_private.register_pool('pool-test', 'send', 'here', 1)`);

interface Fault {
  /** @returns what the line of the repair shall say. */
  plant(db: Queryable): Promise<{ subject?: string; why?: string; how_many: number; detail: object }>;
}

const faults: Record<string, Fault> = {
  reap_leases: {
    async plant(db) {
      await aQueuedTask(db);
      const serviceId = await aService(db, { intervalMs: 0 });
      const { claim } = await aClaim(db, serviceId, 2);
      await beginSends(db, claim.claimToken, claim.subTaskIds.slice(0, 1));
      await clockForward(db, '1 hour');
      return { how_many: 2, detail: { services: [serviceId] } };
    },
  },
  release_pool: {
    async plant(db) {
      await aPool(db);
      await clockForward(db, '1 minute');
      return {
        why: 'the sweep found it silent',
        how_many: 0,
        detail: { pool: 'pool-test', dead: false, services: [] },
      };
    },
  },
  wake_idle_services: {
    async plant(db) {
      const serviceId = await aService(db, { intervalMs: 0 });
      await aQueuedTask(db);
      await db.query('delete from graphile_worker._private_jobs');
      return { how_many: 1, detail: { services: [serviceId] } };
    },
  },
  complete_tasks: {
    async plant(db) {
      const { taskId } = await aQueuedTask(db, { recipients: 0 });
      return { how_many: 1, detail: { tasks: [taskId] } };
    },
  },
  change_batch: {
    async plant(db) {
      const { taskId } = await aQueuedTask(db);
      await db.query('select app_public.cancel_task($1)', [taskId]);
      return { subject: taskId, how_many: 3, detail: { verb: 'cancel' } };
    },
  },
};

for (const [what, { plant }] of Object.entries(faults))
  test(`${what}: once, and not again`, () =>
    withTransaction(database.pool, async (db) => {
      const told = { subject: null, why: 'found by the sweep', ...(await plant(db)) };
      await sweep(db, log);
      assert.deepEqual(await repairs(db, what), [{ what, ...told }]);
      const all = await repairs(db);
      await sweep(db, log);
      assert.deepEqual(await repairs(db), all);
    }));

test('a worker that is dead is entered with the leases it held; one that ended in order is not', () =>
  withTransaction(database.pool, async (db) => {
    await aQueuedTask(db);
    const serviceId = await aService(db, { intervalMs: 0 });
    await aPool(db);
    await aClaim(db, serviceId, 2);
    await releasePool(db, 'pool-test', true, 'its process ended');
    await releasePool(db, 'pool-test', true, 'its process ended');
    const dead = { pool: 'pool-test', dead: true, services: [serviceId] };
    const told = [{ what: 'release_pool', subject: null, why: 'its process ended', how_many: 2, detail: dead }];
    assert.deepEqual(await repairs(db), told);
    await aPool(db);
    await releasePool(db, 'pool-test', true);
    assert.deepEqual(await repairs(db), told);
  }));

test('nothing to mend, nothing entered, and what a policy does is no repair', () =>
  withTransaction(database.pool, async (db) => {
    await sweep(db, log);
    const { taskId } = await aQueuedTask(db, { recipients: 2 });
    await db.query(`update app_public.tasks set uncertain_policy = 'resend' where id = $1`, [taskId]);
    const serviceId = await aService(db, { intervalMs: 0 });
    const { claim } = await aClaim(db, serviceId);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    await clockForward(db, '1 hour');
    await sweep(db, log);
    assert.equal(await one(db, `select count(*)::integer from app_public.sub_tasks where status = 'uncertain'`), 0);
    assert.deepEqual(await repairs(db, 'change_batch'), []);
  }));
