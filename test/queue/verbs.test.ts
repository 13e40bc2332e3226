// Promise: what a person decides about a Task holds from the moment the call returns, and nothing is lost or doubled by it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { completeTasks } from '../../src/database/queue/complete_tasks.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { unfinishedChanges } from '../../src/database/queue/unfinished_changes.ts';
import { changeAll } from '../../src/tasks/change_sub_tasks.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aDraft, aQueuedTask, aService, clockForward, driftOf, one, statusOf } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

async function hand(db: Queryable, serviceId: string, kind: SendResult['kind'], limit = 1) {
  const { claim, loopToken } = await aClaim(db, serviceId, limit);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const results = claim.subTaskIds.map((id) => ({
    id,
    kind,
    messageId: null,
    code: kind === 'accepted' ? null : kind,
    message: null,
    response: null,
    roundTripMs: 1,
    retryAfterMs: null,
  }));
  await completeSends(db, serviceId, claim.claimToken, results);
  await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
  return { ids: claim.subTaskIds, token: claim.claimToken, results };
}

const count = (db: Queryable, taskId: string, status: string) =>
  one<number>(db, 'select count(*)::integer from app_public.sub_tasks where task_id = $1 and status = $2', [
    taskId,
    status,
  ]);

test(
  'a cancelled Task hands nothing over, and its waiting mails are cancelled',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 5 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const { claim } = await aClaim(db, serviceId, 2);
    assert.equal(await one(db, 'select app_public.cancel_task($1)', [taskId]), 0);
    const begun = await beginSends(db, claim.claimToken, claim.subTaskIds);
    assert.equal(begun.mails.length, 0);
    assert.equal(await count(db, taskId, 'cancelled'), 2);
    assert.equal(await one(db, 'select used_quota from app_public.email_services where id = $1', [serviceId]), 0);
    assert.equal(await changeAll(db, taskId, 'cancel', null), 3);
    assert.equal(await count(db, taskId, 'cancelled'), 5);
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'a mail on its way when its Task is cancelled does not go back to waiting',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 1 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const { claim } = await aClaim(db, serviceId);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    assert.equal(await one(db, 'select app_public.cancel_task($1)', [taskId]), 1);
    const [id = ''] = claim.subTaskIds;
    await completeSends(db, serviceId, claim.claimToken, [
      {
        id,
        kind: 'deferred',
        messageId: null,
        code: 'x',
        message: null,
        response: null,
        roundTripMs: 1,
        retryAfterMs: null,
      },
    ]);
    assert.equal(await statusOf(db, id), 'cancelled');
  }),
);

test(
  'a Task that is being generated, or only scheduled, can be cancelled',
  inTransaction(async (db) => {
    const { taskId } = await aDraft(db);
    await db.query('select app_public.schedule_task($1)', [taskId]);
    await db.query('select app_private.start_generation($1, 100)', [taskId]);
    await db.query('select app_public.cancel_task($1)', [taskId]);
    assert.equal(await one(db, 'select status from app_public.tasks where id = $1', [taskId]), 'cancelled');
  }),
);

test(
  'failed mails are sent again, by error code, and a completed Task opens for it',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 2 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const refused = await hand(db, serviceId, 'refused');
    await hand(db, serviceId, 'accepted');
    await completeTasks(db);
    assert.equal(await one(db, 'select status from app_public.tasks where id = $1', [taskId]), 'completed');
    await db.query('select app_public.retry_failed($1)', [taskId]);
    assert.equal(await changeAll(db, taskId, 'retry_failed', 'another code'), 0);
    assert.equal(await changeAll(db, taskId, 'retry_failed', 'refused'), 1);
    const again = await hand(db, serviceId, 'accepted');
    assert.deepEqual(again.ids, refused.ids);
    await completeTasks(db);
    assert.equal(await one(db, 'select status from app_public.tasks where id = $1', [taskId]), 'completed');
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'uncertain mails are sent again only when told so, and then the late word is refused',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 1 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const unknown = await hand(db, serviceId, 'unknown');
    assert.deepEqual(await unfinishedChanges(db), []);
    await db.query('select app_public.resend_uncertain($1)', [taskId]);
    assert.equal(await changeAll(db, taskId, 'resend_uncertain', null), 1);
    const late = unknown.results.map((result) => ({ ...result, kind: 'accepted' as const }));
    assert.deepEqual(await completeSends(db, serviceId, unknown.token, late), unknown.ids);
    assert.equal(await statusOf(db, unknown.ids[0] ?? ''), 'pending');
  }),
);

test(
  'the policy resend does it by itself',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 1 });
    await db.query(`update app_public.tasks set uncertain_policy = 'resend' where id = $1`, [taskId]);
    const serviceId = await aService(db, { intervalMs: 0 });
    await hand(db, serviceId, 'unknown');
    assert.deepEqual(await unfinishedChanges(db), [{ taskId, verb: 'resend_uncertain' }]);
  }),
);

for (const [wasSent, expected] of [
  [true, 'sent'],
  [false, 'failed'],
] as const) {
  test(
    `an operator's verdict on an uncertain mail: ${expected}`,
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 1 });
      const serviceId = await aService(db, { intervalMs: 0 });
      const { ids } = await hand(db, serviceId, 'unknown');
      await db.query('select app_public.settle_uncertain($1, $2)', [ids[0], wasSent]);
      assert.equal(await statusOf(db, ids[0] ?? ''), expected);
      assert.equal(await driftOf(db, taskId), 0);
      await assert.rejects(db.query('select app_public.settle_uncertain($1, true)', [ids[0]]), { code: 'TRANS' });
    }),
  );
}

test(
  'the emergency stop holds everything, and the start lets it go on',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 5 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const { claim, loopToken } = await aClaim(db, serviceId, 2);
    assert.equal(await one(db, 'select app_public.stop_sending()'), 0);
    assert.equal((await beginSends(db, claim.claimToken, claim.subTaskIds)).mails.length, 0);
    assert.equal((await claimSubTasks(db, serviceId, loopToken, 1)).outcome, 'disabled');
    await aService(db);
    assert.equal(await one(db, 'select app_public.start_sending()'), 2);
    assert.equal((await claimSubTasks(db, serviceId, loopToken, 1)).outcome, 'claimed');
  }),
);

test(
  'a sending window opens at its local time, also over midnight and a change of clocks',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    const opensAt = (days: string, start: string, end: string, at: string) =>
      db
        .query(
          `update app_public.tasks set window_days = $2, window_start = $3, window_end = $4, window_timezone = 'Europe/Berlin' where id = $1`,
          [taskId, days, start, end],
        )
        .then(() =>
          one<Date>(db, 'select app_hidden.window_opens_at(t, $2) from app_public.tasks t where id = $1', [taskId, at]),
        )
        .then((time) => time.toISOString());
    // Friday 20 November 2026; Berlin is an hour ahead.
    assert.equal(await opensAt('{1,2,3,4,5}', '09:00', '17:00', '2026-11-20T10:00Z'), '2026-11-20T10:00:00.000Z');
    assert.equal(await opensAt('{1,2,3,4,5}', '09:00', '17:00', '2026-11-20T16:30Z'), '2026-11-23T08:00:00.000Z');
    assert.equal(await opensAt('{5}', '22:00', '02:00', '2026-11-21T00:30Z'), '2026-11-21T00:30:00.000Z');
    assert.equal(await opensAt('{5}', '22:00', '02:00', '2026-11-21T01:30Z'), '2026-11-27T21:00:00.000Z');
    // The clocks go forward on Sunday 29 March 2026.
    assert.equal(await opensAt('{7}', '09:00', '17:00', '2026-03-29T00:30Z'), '2026-03-29T07:00:00.000Z');
  }),
);

test(
  'outside its window a Task is not claimed, and its service knows when to come back',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    const serviceId = await aService(db, { intervalMs: 0 });
    await db.query(
      `update app_public.tasks
          set window_days = '{1,2,3,4,5,6,7}', window_timezone = 'UTC',
              window_start = (app_hidden.current_time() at time zone 'UTC' + interval '1 hour')::time,
              window_end = (app_hidden.current_time() at time zone 'UTC' + interval '2 hours')::time
        where id = $1`,
      [taskId],
    );
    await assert.rejects(aClaim(db, serviceId), /no_work/);
    await clockForward(db, '61 minutes');
    const { claim } = await aClaim(db, serviceId);
    assert.equal(claim.taskId, taskId);
  }),
);
