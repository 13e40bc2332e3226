// Promise: a claim, a hand-over and a completion touch the rows they are about, however many wait, and whatever the planner's statistics say.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import type { ClaimResult } from '../../src/database/queue/complete_claims.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { completeTasks } from '../../src/database/queue/complete_tasks.ts';
import { exchangeMails } from '../../src/database/queue/exchange_mails.ts';
import { takeLoop } from '../../src/database/queue/take_loop.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, aService, one } from '../support/scene.ts';

const many = 20_000;
/** Index entries and rows a step may look at for one mail; it is some 20. */
const few = 200;

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

/** Rows of sub_tasks that a step reads, by any way. */
async function rowsRead(db: Queryable, step: () => Promise<unknown>): Promise<number> {
  const read = () =>
    one<string>(
      db,
      `select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
         from pg_stat_xact_user_tables where relid = 'app_public.sub_tasks'::regclass`,
    ).then(Number);
  const earlier = await read();
  await step();
  return (await read()) - earlier;
}

/** All steps of one mail, and the look for finished Tasks. */
async function assertCheap(db: Queryable, serviceId: string, loopToken: string): Promise<void> {
  let claim = await claimSubTasks(db, serviceId, loopToken, 1);
  const reads: Record<string, number> = {};
  if (claim.outcome === 'claimed') await finish(db, serviceId, claim.claimToken, claim.subTaskIds);
  reads['claim'] = await rowsRead(db, async () => {
    claim = await claimSubTasks(db, serviceId, loopToken, 1);
  });
  const claimed = claim;
  assert.ok(claimed.outcome === 'claimed');
  reads['begin'] = await rowsRead(db, () => beginSends(db, claimed.claimToken, claimed.subTaskIds));
  reads['complete'] = await rowsRead(db, () => complete(db, serviceId, claimed.claimToken, claimed.subTaskIds));
  const turn = (results: ClaimResult[]) =>
    exchangeMails(db, { serviceId, loopToken, claimToken: turnToken, limit: 1, hint: null }, results);
  const turnToken = randomUUID();
  const { handout } = await turn([]);
  assert.ok(handout.outcome === 'claimed');
  const answered = handout.mails.map(({ id }) => ({ ...accepted(id), claimToken: turnToken }));
  reads['exchange'] = await rowsRead(db, () => turn(answered));
  reads['complete_tasks'] = await rowsRead(db, () => completeTasks(db));
  for (const [step, count] of Object.entries(reads)) assert.ok(count <= few, `${step} read ${count} rows`);
}

async function finish(db: Queryable, serviceId: string, token: string, ids: string[]): Promise<void> {
  await beginSends(db, token, ids);
  await complete(db, serviceId, token, ids);
}

function complete(db: Queryable, serviceId: string, token: string, ids: string[]): Promise<unknown> {
  return completeSends(db, serviceId, token, ids.map(accepted));
}

function accepted(id: string): SendResult {
  return {
    id,
    kind: 'accepted',
    messageId: null,
    code: null,
    message: null,
    response: null,
    roundTripMs: 1,
    retryAfterMs: null,
  };
}

async function aLoop(db: Queryable): Promise<{ serviceId: string; loopToken: string }> {
  const serviceId = await aService(db, { intervalMs: 0 });
  const loopToken = await takeLoop(db, serviceId, 'pool-test');
  assert.ok(loopToken !== null);
  return { serviceId, loopToken };
}

for (const analysed of [false, true]) {
  test(`with ${many} rows pending, ${analysed ? 'analysed' : 'never analysed'}`, () =>
    withTransaction(database.pool, async (db) => {
      for (let task = 0; task < many / 10_000; task += 1) await aQueuedTask(db, { recipients: 10_000 });
      if (analysed) await db.query('analyze app_public.sub_tasks, app_public.tasks');
      const { serviceId, loopToken } = await aLoop(db);
      await assertCheap(db, serviceId, loopToken);
    }));
}

/** Rows of a Task beside those it has, without their rendering. */
function fill(db: Queryable, taskId: string, rows: number): Promise<unknown> {
  return db.query(
    `with ids as materialized (select gen_random_uuid() as id, n from generate_series(1, $2::integer) as n),
          mails as (
            insert into app_public.sub_task_mails
              (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
            select id, $1::uuid, 'reader' || n || '@example.com', id::text, '', '', '' from ids)
     insert into app_public.sub_tasks (id, task_id, status) select id, $1::uuid, 'pending' from ids`,
    [taskId, rows],
  );
}

for (const rows of [10, 200_000]) {
  test(`with ${rows} rows pending in one Task`, () =>
    withTransaction(database.pool, async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 5 });
      await fill(db, taskId, rows - 5);
      await db.query('analyze app_public.sub_tasks, app_public.sub_task_mails, app_public.tasks');
      const { serviceId, loopToken } = await aLoop(db);
      await assertCheap(db, serviceId, loopToken);
    }));
}

test('with statistics from a time of one big Task, and many small ones that wait for later', () =>
  withTransaction(database.pool, async (db) => {
    await aQueuedTask(db, { recipients: 10_000 });
    await db.query('analyze app_public.sub_tasks, app_public.tasks');
    for (let task = 0; task < 5; task += 1) {
      const { taskId } = await aQueuedTask(db, { recipients: 2, priority: 1 });
      // A scene of retries to come; what moves a row there is tested elsewhere.
      await db.query(`update app_public.sub_tasks set available_at = now() + interval '1 hour' where task_id = $1`, [
        taskId,
      ]);
    }
    const { serviceId, loopToken } = await aLoop(db);
    await assertCheap(db, serviceId, loopToken);
  }));

test('after two thousand mails of the Task were sent', () =>
  withTransaction(database.pool, async (db) => {
    await aQueuedTask(db, { recipients: 5_000 });
    const { serviceId, loopToken } = await aLoop(db);
    for (let sent = 0; sent < 2_000; ) {
      const claim = await claimSubTasks(db, serviceId, loopToken, 20);
      assert.ok(claim.outcome === 'claimed');
      await finish(db, serviceId, claim.claimToken, claim.subTaskIds);
      sent += claim.subTaskIds.length;
    }
    await assertCheap(db, serviceId, loopToken);
  }));
