// Promise: whoever takes mails of several services back locks them in the one order, and no two of them wait for each other.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { releasePool } from '../../src/database/pools/release_pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';
import { anEvent, aResult, softBounceLimit } from './model/words.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const takers: Record<string, (db: Queryable, taskId: string) => Promise<unknown>> = {
  pause_task: (db, taskId) => db.query('select app_public.pause_task($1)', [taskId]),
  cancel_task: (db, taskId) => db.query('select app_public.cancel_task($1)', [taskId]),
  stop_sending: (db) => db.query('select app_public.stop_sending()'),
  release_pool: (db) => releasePool(db, 'pool-test', true),
  reap_leases: async (db) => {
    await db.query(`set postilion.clock_offset = '1 minute'`);
    await reapLeases(db);
  },
};

for (const [name, take] of Object.entries(takers))
  test(`${name} beside events about the same mails`, async () => {
    await using opened = new AsyncDisposableStack();
    const { taskId, ids } = await aMailOfEach(database.pool);
    const [first = '', last = ''] = ids;
    const [holder, taker, teller] = await threeClients(opened);
    // Both wait for the last mail: the taker first, the other with the first mail already in its hands.
    await holder.query('begin');
    await holder.query('select from app_public.sub_tasks where id = $1 for update', [last]);
    const taken = take(taker, taskId);
    await eventually(waiting, (count) => count === 1);
    const told = applyEvents(teller, [anEvent(first, 'delivered'), anEvent(last, 'delivered')], softBounceLimit);
    await eventually(waiting, (count) => count === 2);
    await holder.query('commit');
    await assert.doesNotReject(Promise.all([taken, told]));
    await database.pool.query('select app_public.start_sending()');
    await database.pool.query('select app_public.cancel_task($1)', [taskId]);
  });

test('complete_sends locks in id order whatever order its results are in', async () => {
  await using opened = new AsyncDisposableStack();
  const { taskId } = await aQueuedTask(database.pool, { recipients: 40 });
  const service = await aService(database.pool, { intervalMs: 0, maxInFlight: 50 });
  const { claim } = await aClaim(database.pool, service, 40);
  await beginSends(database.pool, claim.claimToken, claim.subTaskIds);
  const ids = claim.subTaskIds.toSorted();
  const [holder, completer, looker] = await threeClients(opened);
  await holder.query('begin');
  await holder.query('select from app_public.sub_tasks where id = $1 for update', [ids[20]]);
  const completed = completeSends(
    completer,
    service,
    claim.claimToken,
    ids.toReversed().map((id) => aResult(id, 'accepted')),
  );
  await eventually(waiting, (count) => count === 1);
  const { rows } = await looker.query<{ id: string }>(
    'select id from app_public.sub_tasks where task_id = $1 order by id for no key update skip locked',
    [taskId],
  );
  assert.deepEqual(
    rows.map(({ id }) => id),
    ids.slice(21),
    'it holds those before the one it waits for, and none behind it',
  );
  await holder.query('commit');
  assert.deepEqual(await completed, []);
});

/** Two claimed mails in id order, the first one by the service with the greater id. */
async function aMailOfEach(db: pg.Pool): Promise<{ taskId: string; ids: string[] }> {
  const { taskId } = await aQueuedTask(db, { recipients: 2 });
  const services = [await aService(db, { intervalMs: 0 }), await aService(db, { intervalMs: 0 })].sort();
  const idsBy = (order: string) =>
    one<string[]>(db, `select array_agg(id order by ${order}) from app_public.sub_tasks where task_id = $1`, [taskId]);
  const ids = await idsBy('id');
  const [next] = await idsBy('position');
  const claimers = next === ids[0] ? services.reverse() : services;
  for (const service of claimers) await aClaim(db, service);
  return { taskId, ids };
}

async function threeClients(opened: AsyncDisposableStack): Promise<[pg.PoolClient, pg.PoolClient, pg.PoolClient]> {
  const open = async () => {
    const client = await database.pool.connect();
    opened.defer(async () => {
      await client.query('rollback; reset all').finally(() => client.release());
    });
    return client;
  };
  return [await open(), await open(), await open()];
}

function waiting(): Promise<number> {
  return one(
    database.pool,
    `select count(*)::integer from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
}
