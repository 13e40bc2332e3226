// Promise: what the sweep mends is in the audit trail, with what, why and how many; a run that finds nothing leaves nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { resumeInbox } from '../../src/database/events/resume_inbox.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { deleteDeadJobs } from '../../src/database/pools/delete_dead_jobs.ts';
import { releasePool } from '../../src/database/pools/release_pool.ts';
import { unlockLostJobs } from '../../src/database/pools/unlock_lost_jobs.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { mendPartitions } from '../../src/database/retention/mend_partitions.ts';
import { forgetRepairs } from '../../src/database/statistics/forget_repairs.ts';
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
      await clockForward(db, '2 minutes');
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

for (const [intervalMs, waits] of [
  [400, 800],
  [31_000, 32_000],
] as const)
  test(`what a dead worker wrote may arrive late: a service of ${intervalMs} ms waits ${waits} from its end`, () =>
    withTransaction(database.pool, async (db) => {
      await aQueuedTask(db);
      const serviceId = await aService(db, { intervalMs });
      await aPool(db);
      const { claim } = await aClaim(db, serviceId);
      await clockForward(db, '1 minute');
      await beginSends(db, claim.claimToken, claim.subTaskIds);
      await releasePool(db, 'pool-test', true, 'its process ended');
      const waitMs = await one<number>(
        db,
        `select (extract(epoch from s.frozen_until - st.uncertain_at) * 1000)::integer
           from app_public.email_services s join app_public.sub_tasks st on st.service_id = s.id where s.id = $1 and st.uncertain_at is not null`,
        [serviceId],
      );
      assert.equal(waitMs, waits);
    }));

test('to complete a Task that has just ended is no repair, be it by its last mail or by the end of a doubt', () =>
  withTransaction(database.pool, async (db) => {
    await aQueuedTask(db, { recipients: 1 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const { claim } = await aClaim(db, serviceId);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    await clockForward(db, '1 hour');
    await sweep(db, log);
    await clockForward(db, '72 hours');
    await db.query(`select app_private.fold_counters()`);
    await sweep(db, log);
    assert.equal(await one(db, 'select status from app_public.tasks'), 'completed');
    assert.deepEqual(await repairs(db, 'complete_tasks'), []);
  }));

test('what a claim finds is entered as well: leases that hold its service up, and slots that nobody has', () =>
  withTransaction(database.pool, async (db) => {
    await aQueuedTask(db, { recipients: 5 });
    const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 2 });
    const { claim, loopToken } = await aClaim(db, serviceId, 2);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    await clockForward(db, '1 hour');
    await claimSubTasks(db, serviceId, loopToken, 2);
    const why = 'found by a claim';
    const leases = { what: 'reap_leases', subject: null, why, how_many: 2, detail: { services: [serviceId] } };
    assert.deepEqual(await repairs(db), [leases]);
    await db.query('update app_public.email_services set in_flight = 2, frozen_until = default');
    await claimSubTasks(db, serviceId, loopToken, 2);
    const slots = { what: 'recount_in_flight', subject: serviceId, why, how_many: 2, detail: { kept: 2, counted: 0 } };
    assert.deepEqual(await repairs(db), [leases, slots]);
  }));

test('webhooks that nobody was told to apply: entered where none is at work, or the one that was fell silent', () =>
  withTransaction(database.pool, async (db) => {
    await db.query(
      `insert into app_public.event_logs (received_at, provider, path, headers, body) values (now() - interval '2 minutes', 'engagelab', '/hook', '{}', '{}')`,
    );
    assert.equal(await resumeInbox(db, 'a test'), 1);
    assert.equal(await resumeInbox(db, 'a test'), 0, 'there is a job now');
    await aPool(db);
    await db.query(`update graphile_worker._private_jobs set locked_by = 'pool-test', locked_at = now()`);
    assert.equal(await resumeInbox(db, 'a test'), 0, 'somebody is at work');
    await db.query(`update graphile_worker._private_jobs set locked_by = 'pool-test', locked_at = now()`);
    await clockForward(db, '1 minute');
    assert.equal(await resumeInbox(db, 'a test'), 1);
    const line = { what: 'wake_apply_events', subject: null, why: 'a test', how_many: 1, detail: {} };
    assert.deepEqual(await repairs(db), [line, line]);
  }));

test('a month that is missing is entered; those that are prepared ahead are not', () =>
  withTransaction(database.pool, async (db) => {
    assert.equal(await mendPartitions(db, 5, 'a test'), 0);
    assert.deepEqual(await repairs(db), []);
    const next = `app_public.mail_events_${await one<string>(db, `select to_char(now() at time zone 'UTC' + interval '1 month', 'YYYY_MM')`)}`;
    await db.query(`drop table ${next}`);
    assert.equal(await mendPartitions(db, 5, 'a test'), 1);
    assert.equal(await mendPartitions(db, 5, 'a test'), 0);
    assert.ok(await one(db, 'select to_regclass($1) is not null', [next]));
    const told = await repairs(db);
    assert.deepEqual(
      told.map(({ what, why, how_many }) => ({ what, why, how_many })),
      [{ what: 'ensure_partitions', why: 'a test', how_many: 1 }],
    );
  }));

test('jobs that were replaced while they ran, and then killed, are deleted once and entered', () =>
  withTransaction(database.pool, async (db) => {
    const jobs = () => one<number>(db, 'select count(*)::integer from graphile_worker._private_jobs');
    await db.query(`select app_hidden.add_job('send', '{}', 'send:x', now())`);
    await db.query(`update graphile_worker._private_jobs set key = null, attempts = max_attempts`);
    assert.equal(await deleteDeadJobs(db, 'a test'), 1);
    assert.equal(await deleteDeadJobs(db, 'a test'), 0);
    assert.equal(await jobs(), 0);
    assert.deepEqual(await repairs(db), [
      { what: 'delete_dead_jobs', subject: null, why: 'a test', how_many: 1, detail: {} },
    ]);
  }));

test('jobs that a runner was given and knows nothing of are freed once, with their queue; those at hand, new or of another are not', () =>
  withTransaction(database.pool, async (db) => {
    for (const key of ['lost', 'at hand', 'new', "another's"])
      await db.query(`select graphile_worker.add_job('reap', queue_name => $1, job_key => $1)`, [key]);
    await db.query(
      `update graphile_worker._private_jobs
          set locked_by = case key when $$another's$$ then 'another' else 'pool-test' end,
              locked_at = case key when 'new' then now() else now() - interval '20 s' end`,
    );
    await db.query(
      `update graphile_worker._private_job_queues q set locked_by = j.locked_by, locked_at = j.locked_at
         from graphile_worker._private_jobs j where j.job_queue_id = q.id`,
    );
    const atHand = await one<string>(db, `select id from graphile_worker._private_jobs where key = 'at hand'`);
    assert.equal(await unlockLostJobs(db, 'pool-test', [atHand], 'a test'), 1);
    assert.equal(await unlockLostJobs(db, 'pool-test', [atHand], 'a test'), 0);
    for (const table of ['jobs', 'job_queues'])
      assert.equal(
        await one(db, `select count(*)::integer from graphile_worker._private_${table} where locked_by is null`),
        1,
      );
    assert.equal(
      await one(db, `select key from graphile_worker._private_jobs where locked_by is null and locked_at is null`),
      'lost',
    );
    const detail = { pool: 'pool-test', jobs: ['reap'] };
    assert.deepEqual(await repairs(db), [
      { what: 'unlock_lost_jobs', subject: null, why: 'a test', how_many: 1, detail },
    ]);
  }));

test('the audit trail is kept for its days, and deleted in chunks', () =>
  withTransaction(database.pool, async (db) => {
    for (const _ of Array(3)) await db.query(`select app_hidden.record_repair('a test', null, 'why', 1)`);
    await clockForward(db, '10 days');
    await db.query(`select app_hidden.record_repair('a test', null, 'why', 2)`);
    assert.equal(await forgetRepairs(db, 11, 2), 0);
    assert.deepEqual([await forgetRepairs(db, 9, 2), await forgetRepairs(db, 9, 2)], [2, 1]);
    assert.deepEqual(
      (await repairs(db)).map(({ how_many }) => how_many),
      [2],
    );
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
