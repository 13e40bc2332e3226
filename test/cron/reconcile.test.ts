// Promise: mails that no webhook told of end where the provider's record says, once, within the account's limit, and without a line in the hot path.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, suite, test } from 'node:test';
import type pg from 'pg';
import { reconcileAll, type Wait } from '../../src/cron/reconcile.ts';
import { createPool, type Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { finishUnheard } from '../../src/database/reconciliation/finish_unheard.ts';
import { servicesToReconcile } from '../../src/database/reconciliation/services_to_reconcile.ts';
import { takeUnheard } from '../../src/database/reconciliation/take_unheard.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { createLogger } from '../../src/log.ts';
import { SenderCache } from '../../src/worker/sender_cache.ts';
import { aScheduledTask, services, simulatorFor, states, supervisorOn, testSecret } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim, aQueuedTask, aService, clockForward, driftOf, one } from '../support/scene.ts';

/** Runs the handler by a clock so far ahead. */
async function reconcileIn(database: TestDatabase, interval: string, wait: Wait = async () => {}): Promise<void> {
  const url = new URL(database.url);
  url.searchParams.set('options', `-c postilion.clock_offset=${interval.replaceAll(' ', '\\ ')}`);
  const db = createPool({ connectionString: url.href, max: 3, applicationName: 'postilion test' });
  const senders = new SenderCache(await loadSecret({ POSTILION_SECRET: testSecret }, ''));
  try {
    const log = createLogger({ LOG_LEVEL: 'silent' });
    await reconcileAll({ db, senders, log, stopping: new AbortController().signal }, wait);
  } finally {
    await senders.close();
    await db.end();
  }
}

const answers = (db: pg.Pool) =>
  one<number>(
    db,
    `select count(*)::integer from app_public.event_logs where provider = 'engagelab' and path = 'reconciliation'`,
  );

test('webhooks lost: after an hour everything is delivered or bounced, and told twice it counts once', async () => {
  await using opened = new AsyncDisposableStack();
  const database = await createTestDatabase();
  opened.defer(() => database.close());
  const { pool, url } = database;
  const simulator = await simulatorFor(['north', 'south'], { outcomes: { softBounce: 0.2, hardBounce: 0.2 } });
  opened.defer(() => simulator.close());
  const supervisor = supervisorOn(url);
  opened.defer(() => supervisor.stop());
  await services(pool, simulator, { north: 10, south: 10 });
  await supervisor.ready;
  const taskId = await aScheduledTask(pool, 60);
  const sentBy = (status: string, count: number) =>
    eventually(
      () => states(pool, taskId),
      (now) => (now[status] ?? 0) === count,
    );
  await sentBy('sent', 60);
  await reconcileIn(database, '59 minutes');
  assert.equal(await answers(pool), 0);

  const waits: number[] = [];
  await reconcileIn(database, '2 hours', async (ms) => waits.push(ms));
  await sentBy('sent', 0);
  const told = await states(pool, taskId);
  const fates = [...simulator.record.entries()].map(({ fate }) => fate);
  assert.deepEqual(told, {
    delivered: fates.filter((fate) => fate === 'delivered').length,
    bounced: fates.filter((fate) => fate.endsWith('bounce')).length,
  });
  assert.ok((told['bounced'] ?? 0) > 0);
  assert.equal(await driftOf(pool, taskId), 0);
  assert.equal(await answers(pool), waits.length);
  assert.deepEqual(new Set(waits), new Set([1_000]));

  // Once more, as after a crash before it was finished: the same answers are events that are known.
  const events = () => one<number>(pool, 'select count(*)::integer from app_public.mail_events');
  const before = await events();
  await pool.query(`update app_hidden.reconciliations set position = '-infinity'`);
  await pool.query(`insert into app_public.event_logs (provider, path, headers, body)
    select provider, path, headers, body from app_public.event_logs where path = 'reconciliation'`);
  await pool.query('select app_private.wake_apply_events()');
  await eventually(
    () => one<number>(pool, 'select app_public.inbox_backlog()'),
    (backlog) => backlog === 0,
  );
  assert.equal(await events(), before);
  assert.deepEqual(await states(pool, taskId), told);
  assert.equal(await driftOf(pool, taskId), 0);
});

suite('what is taken', async () => {
  const database = await createTestDatabase();
  after(() => database.close());
  const { pool } = database;
  const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(pool, work);

  /** A new service that sends so many mails, each in a batch of its own moment, or all at once. @returns its id, and the provider's ids. */
  async function sent(
    db: Queryable,
    count: number,
    { atOnce = false } = {},
  ): Promise<{ serviceId: string; ids: string[] }> {
    await aQueuedTask(db, { recipients: count });
    const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 100 });
    const { claim } = await aClaim(db, serviceId, count);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    const rest = {
      message: null,
      response: null,
      retryAfterMs: null,
      code: null,
      roundTripMs: 20,
      kind: 'accepted' as const,
    };
    const results = claim.subTaskIds.map((id) => ({ ...rest, id, messageId: `m ${randomUUID()}` }));
    for (const group of atOnce ? [results] : results.map((result) => [result]))
      await completeSends(db, serviceId, claim.claimToken, group);
    return { serviceId, ids: results.map(({ messageId }) => messageId).sort() };
  }

  /** Takes and finishes until nothing is left. @returns the ids of each stretch that held any. */
  async function all(db: Queryable, serviceId: string, age: string, limit: number): Promise<string[][]> {
    const stretches: string[][] = [];
    for (;;) {
      const unheard = await takeUnheard(db, serviceId, age, limit);
      if (unheard === null) return stretches;
      if (unheard.mails.length > 0) stretches.push(unheard.mails.map(({ messageId }) => messageId));
      await finishUnheard(db, serviceId, age, unheard.position);
    }
  }

  test(
    'each mail once for each age, in bounded stretches',
    inTransaction(async (db) => {
      const { serviceId, ids } = await sent(db, 5);
      assert.deepEqual(await all(db, serviceId, '1 hour', 2), []);
      await clockForward(db, '90 minutes');
      const stretches = await all(db, serviceId, '1 hour', 2);
      assert.deepEqual(stretches.flat().sort(), ids);
      assert.deepEqual(
        stretches.map(({ length }) => length),
        [2, 2, 1],
      );
      assert.deepEqual(await all(db, serviceId, '1 hour', 2), []);
      assert.deepEqual(await all(db, serviceId, '1 day', 2), []);
      await clockForward(db, '1 day');
      assert.deepEqual((await all(db, serviceId, '1 day', 2)).flat().sort(), ids);
    }),
  );

  test(
    'mails of one moment are not torn apart, whatever the limit',
    inTransaction(async (db) => {
      const { serviceId, ids } = await sent(db, 5, { atOnce: true });
      await clockForward(db, '90 minutes');
      assert.deepEqual(await all(db, serviceId, '1 hour', 2), [ids]);
    }),
  );

  test(
    'only what nothing was heard of, by the service that sent it',
    inTransaction(async (db) => {
      const { serviceId, ids } = await sent(db, 3);
      const other = await sent(db, 1);
      await db.query(
        `update app_public.sub_tasks set status = 'delivered', delivered_at = now() where message_id = $1`,
        [ids[0]],
      );
      await clockForward(db, '90 minutes');
      assert.deepEqual((await all(db, serviceId, '1 hour', 10)).flat(), ids.slice(1));
      assert.deepEqual((await all(db, other.serviceId, '1 hour', 10)).flat(), other.ids);
    }),
  );

  test(
    'who takes has it for ten minutes; what is not finished is taken again',
    inTransaction(async (db) => {
      const { serviceId, ids } = await sent(db, 1);
      await clockForward(db, '2 hours');
      const take = async () =>
        (await takeUnheard(db, serviceId, '1 hour', 10))?.mails.map(({ messageId }) => messageId);
      assert.deepEqual(await take(), ids);
      assert.equal(await take(), undefined);
      await clockForward(db, '11 minutes');
      assert.deepEqual(await take(), ids);
    }),
  );

  test(
    'a service that was away is not asked about all of it; one that is switched off is asked too; who is behind comes first',
    inTransaction(async (db) => {
      const { serviceId } = await sent(db, 1);
      const other = await sent(db, 1);
      await clockForward(db, '10 days');
      assert.deepEqual(await all(db, serviceId, '1 hour', 10), []);
      await db.query('update app_hidden.reconciliations set position = now()');
      await clockForward(db, '1 hour');
      const order = async () =>
        (await servicesToReconcile(db)).filter((id) => [serviceId, other.serviceId].includes(id));
      assert.deepEqual(await order(), [other.serviceId, serviceId]);
      await db.query('select app_public.set_email_service_enabled($1, false)', [serviceId]);
      assert.deepEqual(await order(), [other.serviceId, serviceId]);
    }),
  );
});
