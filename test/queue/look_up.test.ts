// Promise: a provider's record settles a mail in doubt when it can mean that mail alone; whatever else it says, or doesn't, changes nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { settleByLookUp } from '../../src/database/queue/settle_by_look_up.ts';
import { type Doubt, takeLookUps } from '../../src/database/queue/take_look_ups.ts';
import type { TakenMail } from '../../src/providers/provider.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, clockForward, driftOf, one, statusOf } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

/** Hands the Task's mails over to a new service, which answers them all alike. */
async function handOver(db: Queryable, kind: SendResult['kind'] | null, messageId: string | null = null, limit = 100) {
  const serviceId = await aService(db, { intervalMs: 0, maxInFlight: limit });
  const { claim } = await aClaim(db, serviceId, limit);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const rest = { message: null, response: null, roundTripMs: null, retryAfterMs: null };
  const results = claim.subTaskIds.map((id) => ({ ...rest, id, kind: kind ?? 'unknown', messageId, code: 'timeout' }));
  if (kind !== null) await completeSends(db, serviceId, claim.claimToken, results);
  return { serviceId, claimToken: claim.claimToken, ids: claim.subTaskIds };
}

/** One mail in doubt. */
async function aDoubt(db: Queryable): Promise<Doubt & { taskId: string; claimToken: string }> {
  const { taskId } = await aQueuedTask(db, { recipients: 1 });
  const { claimToken } = await handOver(db, 'unknown');
  const [doubt] = await takeLookUps(db, 100);
  assert.ok(doubt !== undefined);
  return { ...doubt, taskId, claimToken };
}

/** Another Task's mail to the same address, at the same time. */
async function anotherTo(db: Queryable, doubt: Doubt, kind: SendResult['kind'] | null, messageId?: string) {
  const workspaceId = await one<string>(
    db,
    'select workspace_id from app_public.tasks t join app_public.sub_tasks st on st.task_id = t.id where st.id = $1',
    [doubt.subTaskId],
  );
  await aQueuedTask(db, { workspaceId, recipients: 0 });
  return handOver(db, kind, messageId);
}

function record({ recipient, from }: Doubt, messageId = 'm1', msAfterFrom = 60_000): TakenMail {
  return { recipient, messageId, takenAt: new Date(from.getTime() + msAfterFrom) };
}

const settle = (db: Queryable, { subTaskId }: Doubt, ...taken: TakenMail[]) => settleByLookUp(db, [subTaskId], taken);

test(
  'one record within the window settles it, with the id that webhooks will name; the ledger says why',
  inTransaction(async (db) => {
    const doubt = await aDoubt(db);
    assert.deepEqual(await settle(db, doubt, record(doubt)), [doubt.subTaskId]);
    const { rows } = await db.query(
      'select status, message_id, error_code, sent_at >= handed_over_at as after from app_public.sub_tasks where id = $1',
      [doubt.subTaskId],
    );
    assert.deepEqual(rows, [{ status: 'sent', message_id: 'm1', error_code: null, after: true }]);
    const ledger = 'select reason from app_hidden.sub_task_changes where sub_task_id = $1 order by id desc limit 1';
    assert.equal(await one(db, ledger, [doubt.subTaskId]), 'look_up');
    assert.equal(await driftOf(db, doubt.taskId), 0);
    assert.deepEqual(await settle(db, doubt, record(doubt)), []);
  }),
);

test(
  'the same record, read on two pages, is one',
  inTransaction(async (db) => {
    const doubt = await aDoubt(db);
    assert.deepEqual(await settle(db, doubt, record(doubt), record(doubt)), [doubt.subTaskId]);
  }),
);

const ambiguous: [string, (db: Queryable, doubt: Doubt) => Promise<TakenMail[]>][] = [
  ['no record', async () => []],
  ['two records', async (_, doubt) => [record(doubt), record(doubt, 'm2')]],
  ['a record of another address', async (_, doubt) => [{ ...record(doubt), recipient: 'other@example.com' }]],
  ['a record from before the hand-over', async (_, doubt) => [record(doubt, 'm1', -1_000)]],
  [
    'a record from after it became uncertain',
    async (_, doubt) => [{ ...record(doubt), takenAt: new Date(doubt.until.getTime() + 1_000) }],
  ],
  [
    'a record whose id another mail has',
    async (db, doubt) => {
      await anotherTo(db, doubt, 'accepted', 'm1');
      return [record(doubt)];
    },
  ],
  [
    'a record that may be that of another mail in doubt',
    async (db, doubt) => {
      await anotherTo(db, doubt, 'unknown');
      return [record(doubt)];
    },
  ],
  [
    'a record that may be that of a mail under way',
    async (db, doubt) => {
      await anotherTo(db, doubt, null);
      return [record(doubt)];
    },
  ],
];
for (const [name, records] of ambiguous)
  test(
    `${name} leaves it uncertain, and does not send it again`,
    inTransaction(async (db) => {
      const doubt = await aDoubt(db);
      assert.deepEqual(await settle(db, doubt, ...(await records(db, doubt))), []);
      assert.equal(await statusOf(db, doubt.subTaskId), 'uncertain');
    }),
  );

test(
  'of two records, one that another mail explains leaves the other',
  inTransaction(async (db) => {
    const doubt = await aDoubt(db);
    await anotherTo(db, doubt, 'accepted', 'm1');
    assert.deepEqual(await settle(db, doubt, record(doubt), record(doubt, 'm2')), [doubt.subTaskId]);
  }),
);

test(
  'the late word of the worker changes nothing of what was settled',
  inTransaction(async (db) => {
    const doubt = await aDoubt(db);
    await settle(db, doubt, record(doubt));
    const late = { message: null, response: null, roundTripMs: 1, retryAfterMs: null, messageId: null };
    const results: SendResult[] = [{ ...late, id: doubt.subTaskId, kind: 'deferred', code: '429' }];
    assert.deepEqual(await completeSends(db, doubt.serviceId, doubt.claimToken, results), [doubt.subTaskId]);
    assert.equal(await statusOf(db, doubt.subTaskId), 'sent');
  }),
);

test(
  'a service is looked up every ten minutes, by one, until the grace is over',
  inTransaction(async (db) => {
    const { subTaskId } = await aDoubt(db);
    const taken = async () => (await takeLookUps(db, 100)).map((doubt) => doubt.subTaskId);
    assert.deepEqual(await taken(), []);
    await clockForward(db, '10 minutes');
    assert.deepEqual(await taken(), [subTaskId]);
    assert.deepEqual(await taken(), []);
    await clockForward(db, '72 hours');
    assert.deepEqual(await taken(), []);
  }),
);

test(
  'a service that is switched off is not looked up; of many doubts the newest come first',
  inTransaction(async (db) => {
    const { serviceId } = await aDoubt(db);
    await aQueuedTask(db, { recipients: 3 });
    const { serviceId: other, ids } = await handOver(db, 'unknown');
    await db.query(`update app_public.sub_tasks set uncertain_at = uncertain_at - interval '1 hour' where id <> $1`, [
      ids[1],
    ]);
    await clockForward(db, '10 minutes');
    await db.query('select app_public.set_email_service_enabled($1, false)', [serviceId]);
    const doubts = await takeLookUps(db, 1);
    assert.deepEqual(
      doubts.map((doubt) => [doubt.serviceId, doubt.subTaskId]),
      [[other, ids[1]]],
    );
  }),
);

test(
  'a look-up reads the doubts that are still open, however many are past their grace',
  inTransaction(async (db) => {
    await aDoubt(db);
    await aQueuedTask(db, { recipients: 2_000 });
    const { serviceId } = await handOver(db, 'unknown', null, 2_000);
    await db.query(
      `update app_public.sub_tasks set uncertain_at = uncertain_at - interval '4 days' where service_id = $1`,
      [serviceId],
    );
    await clockForward(db, '10 minutes');
    const read = () =>
      one<number>(
        db,
        `select (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::integer
           from pg_stat_xact_user_tables where relid = 'app_public.sub_tasks'::regclass`,
      );
    const earlier = await read();
    assert.equal((await takeLookUps(db, 100)).length, 1);
    assert.ok((await read()) - earlier < 50);
  }),
);
