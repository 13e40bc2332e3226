// Promise: a workspace's Tasks never have more mails in a month than its quota, and what is never sent is given back, exactly, and once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type pg from 'pg';
import { failGeneration } from '../../src/database/generation/fail_generation.ts';
import { startGeneration } from '../../src/database/generation/start_generation.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { changeBatch } from '../../src/database/queue/change_batch.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { completeTasks } from '../../src/database/queue/complete_tasks.ts';
import { settleReservations } from '../../src/database/quotas/settle_reservations.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import {
  aClaim,
  aDraft,
  aQueuedTask,
  aService,
  aWorkspace,
  type Claimed,
  clockForward,
  one,
  type TaskOptions,
} from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

async function quota(db: Queryable, workspaceId: string, mails: number | null): Promise<void> {
  await db.query('update app_public.workspaces set monthly_quota = $2 where id = $1', [workspaceId, mails]);
}

async function aWorkspaceOf(db: Queryable, mails: number | null): Promise<string> {
  const workspaceId = await aWorkspace(db);
  await quota(db, workspaceId, mails);
  return workspaceId;
}

const used = (db: Queryable, workspaceId: string) =>
  one<number>(db, 'select app_public.workspaces_used_this_month(w) from app_public.workspaces w where id = $1', [
    workspaceId,
  ]);
const left = (db: Queryable, workspaceId: string) =>
  one<number | null>(db, 'select app_public.workspaces_left_this_month(w) from app_public.workspaces w where id = $1', [
    workspaceId,
  ]);

const schedule = (db: Queryable, taskId: string) => db.query('select app_public.schedule_task($1)', [taskId]);
const cancel = (db: Queryable, taskId: string) => db.query('select app_public.cancel_task($1)', [taskId]);

/** Schedules and begins it. @returns where it stands then. */
async function start(db: Queryable, taskId: string): Promise<string> {
  await schedule(db, taskId);
  return startGeneration(db, taskId, 100);
}

/** A draft that shares the contacts of its workspace. */
async function anotherDraft(db: Queryable, workspaceId: string): Promise<string> {
  return (await aDraft(db, { workspaceId, recipients: 0 })).taskId;
}

/** A Task of ten that a rated service has begun to send, so many of them at once. */
async function aTaskUnderWay(db: Queryable, count: number, options: TaskOptions = {}) {
  const workspaceId = await aWorkspaceOf(db, 100);
  const { taskId } = await aQueuedTask(db, { workspaceId, recipients: 10, ...options });
  const serviceId = await aService(db, { intervalMs: 0 });
  const { claim, loopToken } = await aClaim(db, serviceId, count);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  return { workspaceId, taskId, serviceId, claim, loopToken };
}

async function answer(db: Queryable, serviceId: string, claim: Claimed, kinds: SendResult['kind'][]): Promise<void> {
  const rest = { messageId: null, code: null, message: null, response: null, roundTripMs: 1, retryAfterMs: null };
  const results = kinds.map((kind, n) => ({ ...rest, id: claim.subTaskIds[n] ?? '', kind }));
  await completeSends(db, serviceId, claim.claimToken, results);
}

/** What the sweep does, as often as it likes. */
async function sweepTwice(db: Queryable, taskId: string): Promise<void> {
  for (let n = 0; n < 2; n++) {
    await changeBatch(db, taskId, 'cancel', null, 100);
    await completeTasks(db);
    await settleReservations(db);
  }
}

test(
  'what a Task needs is reserved when it begins; without a quota it is counted and nothing is refused',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, null);
    await aQueuedTask(db, { workspaceId, recipients: 4 });
    assert.deepEqual([await used(db, workspaceId), await left(db, workspaceId)], [4, null]);
    await quota(db, workspaceId, 10);
    assert.equal(await left(db, workspaceId), 6);
    await quota(db, workspaceId, 3);
    assert.equal(await left(db, workspaceId), 0);
  }),
);

test(
  'a Task that needs more than is left fails with a code and the numbers, reserves nothing, and may begin when it suffices',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, 7);
    await aQueuedTask(db, { workspaceId, recipients: 4 });
    const taskId = await anotherDraft(db, workspaceId);
    assert.equal(await start(db, taskId), 'failed');
    const { rows } = await db.query('select error_code, error_message from app_public.tasks where id = $1', [taskId]);
    const month = await one(db, `select to_char(app_hidden.current_time() at time zone 'UTC', 'YYYY-MM')`);
    const message = `The workspace has 3 of its 7 mails for ${month} left, and the Task needs 4.`;
    assert.deepEqual(rows, [{ error_code: 'quota', error_message: message }]);
    const batches = 'select count(*)::integer from app_hidden.task_recipient_batches where task_id = $1';
    assert.equal(await one(db, batches, [taskId]), 0);
    assert.equal(await used(db, workspaceId), 4);
    await quota(db, workspaceId, 8);
    assert.equal(await start(db, taskId), 'generating');
    assert.equal(await left(db, workspaceId), 0);
  }),
);

test(
  'begun twice, it is counted once; failed, it gives everything back, and is counted once again',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, 5);
    const { taskId } = await aDraft(db, { workspaceId, recipients: 5 });
    await start(db, taskId);
    await startGeneration(db, taskId, 100);
    assert.equal(await used(db, workspaceId), 5);
    for (let n = 0; n < 2; n++) await failGeneration(db, taskId, 'template', 'a mistake');
    assert.equal(await used(db, workspaceId), 0);
    assert.equal(await start(db, taskId), 'generating');
    assert.equal(await used(db, workspaceId), 5);
  }),
);

test(
  'rows that a failed Task has already are counted with those it gets',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, null);
    const { taskId } = await aDraft(db, { workspaceId, recipients: 3 });
    await start(db, taskId);
    await db.query(
      `with mails as (
         insert into app_public.sub_task_mails
           (sub_task_id, task_id, contact_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
         select gen_random_uuid(), $1, id, email, id::text, '', '', '' from app_public.contacts where workspace_id = $2 limit 2
         returning sub_task_id, contact_id),
       gone as (
         update app_public.contacts set status = 'bounced' where id = (select contact_id from mails limit 1))
       insert into app_public.sub_tasks (id, task_id, status) select sub_task_id, $1, 'pending' from mails`,
      [taskId, workspaceId],
    );
    await failGeneration(db, taskId, 'template', 'a mistake');
    assert.equal(await used(db, workspaceId), 0);
    assert.equal(await start(db, taskId), 'generating');
    assert.equal(await used(db, workspaceId), 3);
  }),
);

test(
  'cancelled, it gives back at once what was never handed over, and later what comes back unsent, once',
  inTransaction(async (db) => {
    const { workspaceId, taskId, serviceId, claim } = await aTaskUnderWay(db, 4);
    await cancel(db, taskId);
    assert.equal(await used(db, workspaceId), 4);
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 4);
    await answer(db, serviceId, claim, ['accepted', 'refused', 'deferred', 'unknown']);
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 3);
    await answer(db, serviceId, claim, ['accepted', 'refused', 'deferred', 'not_sent']);
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 2);
    assert.equal(await settleReservations(db), 0);
  }),
);

test(
  'a Task cancelled while it is generated, or before, keeps nothing',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, 5);
    const { taskId } = await aDraft(db, { workspaceId, recipients: 5 });
    await start(db, taskId);
    await cancel(db, taskId);
    const other = await anotherDraft(db, workspaceId);
    await schedule(db, other);
    await cancel(db, other);
    assert.equal(await used(db, workspaceId), 0);
  }),
);

test(
  'complete, it gives back what was suppressed meanwhile, and what could not be rendered',
  inTransaction(async (db) => {
    const { workspaceId, taskId, serviceId, claim, loopToken } = await aTaskUnderWay(db, 8);
    await answer(
      db,
      serviceId,
      claim,
      Array.from({ length: 8 }, () => 'accepted' as const),
    );
    await db.query(
      `insert into app_public.suppressions
       select $1, m.recipient_email, 'manual' from app_public.sub_task_mails m join app_public.sub_tasks st on st.id = m.sub_task_id
        where st.task_id = $2 and st.status = 'pending' order by m.recipient_email limit 1`,
      [workspaceId, taskId],
    );
    const last = await claimSubTasks(db, serviceId, loopToken, 10);
    assert.ok(last.outcome === 'claimed');
    await beginSends(db, last.claimToken, last.subTaskIds);
    await answer(db, serviceId, last, ['refused']);
    assert.equal(await used(db, workspaceId), 10);
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 9);
    await db.query(`update app_public.sub_tasks set error_code = 'rendering' where status = 'failed'`);
    await db.query('update app_hidden.task_reservations set is_open = true');
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 8);
  }),
);

test(
  'a Task that sends again after it was complete is counted once, and settled when it ends again',
  inTransaction(async (db) => {
    const { workspaceId, taskId, serviceId, claim } = await aTaskUnderWay(db, 10);
    const kinds = Array.from({ length: 10 }, (_, n) => (n < 6 ? 'accepted' : 'refused') as SendResult['kind']);
    await answer(db, serviceId, claim, kinds);
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 10);
    await db.query('select app_public.retry_failed($1)', [taskId]);
    await changeBatch(db, taskId, 'retry_failed', null, 100);
    await settleReservations(db);
    assert.equal(await used(db, workspaceId), 10);
    await cancel(db, taskId);
    await sweepTwice(db, taskId);
    assert.equal(await used(db, workspaceId), 6);
  }),
);

test(
  'a month is one of UTC: the next has its quota whole, and what comes back goes to the month it was taken from',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, 5);
    const { taskId } = await aQueuedTask(db, { workspaceId, recipients: 5 });
    assert.equal(await left(db, workspaceId), 0);
    await clockForward(db, '1 month');
    assert.equal(await left(db, workspaceId), 5);
    assert.equal(await start(db, await anotherDraft(db, workspaceId)), 'generating');
    await cancel(db, taskId);
    assert.equal(await left(db, workspaceId), 0);
    const { rows } = await db.query(
      'select reserved from app_hidden.workspace_usage where workspace_id = $1 order by month',
      [workspaceId],
    );
    assert.deepEqual(rows, [{ reserved: 0 }, { reserved: 5 }]);
  }),
);

test(
  'whoever asks why is told before it begins, for the month it is to begin in, and after it failed',
  inTransaction(async (db) => {
    const workspaceId = await aWorkspaceOf(db, 2);
    const { taskId } = await aDraft(db, { workspaceId, recipients: 3 });
    await aService(db);
    const reasons = async () => {
      const { rows } = await db.query<{ reason: string; sentence: string }>(
        'select reason, sentence from app_public.why_not_sending($1)',
        [taskId],
      );
      return rows;
    };
    const limiting = () => one(db, 'select limiting from app_public.forecast_task($1)', [taskId]);
    assert.deepEqual(
      (await reasons()).map(({ reason }) => reason),
      ['draft', 'over_quota'],
    );
    assert.match((await reasons())[1]?.sentence ?? '', /has 2 of its 2 mails .* needs 3/);
    assert.equal(await limiting(), 'workspace quota');
    assert.equal(await start(db, taskId), 'failed');
    assert.deepEqual(
      (await reasons()).map(({ reason }) => reason),
      ['failed', 'over_quota'],
    );
    await quota(db, workspaceId, 3);
    assert.deepEqual(
      (await reasons()).map(({ reason }) => reason),
      ['failed'],
    );
    assert.notEqual(await limiting(), 'workspace quota');
    await aQueuedTask(db, { workspaceId, recipients: 0 });
    await db.query(`select app_public.schedule_task($1, app_hidden.current_time() + interval '1 month')`, [taskId]);
    assert.deepEqual(
      (await reasons()).map(({ reason }) => reason),
      ['scheduled'],
    );
  }),
);

test('of two Tasks that begin at once, and of which one fits, one begins', async () => {
  await using opened = new AsyncDisposableStack();
  const { pool } = database;
  const workspaceId = await aWorkspaceOf(pool, 5);
  const { taskId } = await aDraft(pool, { workspaceId, recipients: 3 });
  const tasks = [taskId, await anotherDraft(pool, workspaceId)];
  for (const id of tasks) await schedule(pool, id);
  const [first, second] = [await aClient(opened), await aClient(opened)];
  await first.query('begin');
  assert.equal(await startGeneration(first, tasks[0] ?? '', 100), 'generating');
  const waits = startGeneration(second, tasks[1] ?? '', 100);
  await eventually(waiting, (count) => count === 1);
  await first.query('commit');
  assert.equal(await waits, 'failed');
  assert.equal(await used(pool, workspaceId), 3);
});

test('the second begins when the first gave way', async () => {
  await using opened = new AsyncDisposableStack();
  const { pool } = database;
  const workspaceId = await aWorkspaceOf(pool, 3);
  const { taskId } = await aDraft(pool, { workspaceId, recipients: 3 });
  const other = await anotherDraft(pool, workspaceId);
  await start(pool, taskId);
  await schedule(pool, other);
  const [first, second] = [await aClient(opened), await aClient(opened)];
  await first.query('begin');
  await cancel(first, taskId);
  const waits = startGeneration(second, other, 100);
  await eventually(waiting, (count) => count === 1);
  await first.query('commit');
  assert.equal(await waits, 'generating');
  assert.equal(await left(pool, workspaceId), 0);
});

test('begun, cancelled and swept all at once, nothing is lost, exceeded, or waits for ever', async () => {
  const { pool } = database;
  const workspaces = [await aWorkspaceOf(pool, 10), await aWorkspaceOf(pool, 10)];
  const tasks: string[] = [];
  for (const workspaceId of workspaces) {
    tasks.push((await aDraft(pool, { workspaceId, recipients: 2 })).taskId);
    for (let n = 0; n < 9; n++) tasks.push(await anotherDraft(pool, workspaceId));
  }
  const live = async (taskId: string, n: number) => {
    await start(pool, taskId);
    if (n % 3 > 0) await cancel(pool, taskId);
    await settleReservations(pool);
  };
  await Promise.all(tasks.map(live));
  const { rows } = await pool.query(
    `select u.reserved <= 10 as within, u.reserved = sum(r.reserved) as equal, bool_and(r.reserved = 2 * (t.status <> 'cancelled')::integer) as exact
       from app_hidden.workspace_usage u
       join app_hidden.task_reservations r using (workspace_id, month)
       join app_public.tasks t on t.id = r.task_id
      where u.workspace_id = any ($1)
      group by u.workspace_id, u.reserved`,
    [workspaces],
  );
  const right = { within: true, equal: true, exact: true };
  assert.deepEqual(rows, [right, right]);
});

async function aClient(opened: AsyncDisposableStack): Promise<pg.PoolClient> {
  const client = await database.pool.connect();
  opened.defer(async () => {
    await client.query('rollback').finally(() => client.release());
  });
  return client;
}

function waiting(): Promise<number> {
  return one(
    database.pool,
    `select count(*)::integer from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
}
