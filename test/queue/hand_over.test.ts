// Promise: a mail is handed over under one live lease at a time, and every way a hand-over can end leaves the row where the design says.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../../src/database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, type Claimed, clockForward, driftOf, one, statusOf } from '../support/scene.ts';
import { anEvent, softBounceLimit } from './model/words.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

function result(id: string, kind: SendResult['kind'], more: Partial<SendResult> = {}): SendResult {
  return {
    id,
    kind,
    messageId: null,
    code: null,
    message: null,
    response: null,
    roundTripMs: 1,
    retryAfterMs: null,
    ...more,
  };
}

async function aBegunMail(db: Queryable, options: Parameters<typeof aService>[1] = {}) {
  const { taskId } = await aQueuedTask(db);
  const serviceId = await aService(db, options);
  const { claim, loopToken } = await aClaim(db, serviceId);
  const begun = await beginSends(db, claim.claimToken, claim.subTaskIds);
  const [id] = claim.subTaskIds;
  assert.ok(id !== undefined && begun.mails.length === 1);
  return { taskId, serviceId, claim, loopToken, id };
}

const service = (db: Queryable, id: string, column: string) =>
  one<number>(db, `select ${column} from app_public.email_services where id = $1`, [id]);

test(
  'claimed, begun and accepted, a mail is sent, and its service is frozen for its interval',
  inTransaction(async (db) => {
    const { serviceId, claim, loopToken, id, taskId } = await aBegunMail(db);
    assert.deepEqual(
      await completeSends(db, serviceId, claim.claimToken, [result(id, 'accepted', { messageId: 'm1' })]),
      [],
    );
    assert.equal(await statusOf(db, id), 'sent');
    assert.equal(await service(db, serviceId, 'in_flight'), 0);
    const next = await claimSubTasks(db, serviceId, loopToken, 1);
    assert.ok(next.outcome === 'frozen' && next.waitMs !== null && next.waitMs > 9_000 && next.waitMs <= 10_000);
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'the From address is made of the sender and the service that sends',
  inTransaction(async (db) => {
    await aQueuedTask(db);
    const serviceId = await aService(db);
    const { claim } = await aClaim(db, serviceId);
    const { mails } = await beginSends(db, claim.claimToken, claim.subTaskIds);
    assert.equal(mails[0]?.senderEmail, `news@${serviceId.slice(0, 8)}.example`);
  }),
);

test(
  'a paced service has one mail under way',
  inTransaction(async (db) => {
    await aQueuedTask(db);
    const { loopToken, serviceId } = await aBegunMail(db);
    assert.equal((await claimSubTasks(db, serviceId, loopToken, 5)).outcome, 'full');
  }),
);

test(
  'a stale token is refused and changes nothing',
  inTransaction(async (db) => {
    await aQueuedTask(db);
    const serviceId = await aService(db);
    const { claim } = await aClaim(db, serviceId);
    await clockForward(db, '1 minute');
    const taken = await aClaim(db, serviceId);
    assert.notEqual(taken.claim.claimToken, claim.claimToken);
    const begun = await beginSends(db, claim.claimToken, claim.subTaskIds);
    assert.deepEqual(
      begun.refused.map(({ refusal }) => refusal),
      ['LEASE'],
    );
    const [id] = claim.subTaskIds;
    assert.ok(id !== undefined);
    assert.deepEqual(await completeSends(db, serviceId, claim.claimToken, [result(id, 'accepted')]), [id]);
    assert.equal(await statusOf(db, taken.claim.subTaskIds[0] ?? ''), 'allocated');
  }),
);

test(
  'a begun mail whose lease ran out is uncertain, and the late worker that knows may still settle it',
  inTransaction(async (db) => {
    const { serviceId, claim, id, taskId } = await aBegunMail(db);
    await clockForward(db, '31 s');
    assert.equal(await reapLeases(db), 1);
    assert.equal(await statusOf(db, id), 'uncertain');
    assert.equal(await service(db, serviceId, 'in_flight'), 0);
    assert.deepEqual(await completeSends(db, serviceId, claim.claimToken, [result(id, 'accepted')]), []);
    assert.equal(await statusOf(db, id), 'sent');
    assert.equal(await service(db, serviceId, 'in_flight'), 0);
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'a claimed mail whose lease ran out is pending again, with its quota',
  inTransaction(async (db) => {
    await aQueuedTask(db);
    const serviceId = await aService(db);
    const { claim } = await aClaim(db, serviceId);
    assert.equal(await service(db, serviceId, 'used_quota'), 1);
    await clockForward(db, '31 s');
    await reapLeases(db);
    assert.equal(await statusOf(db, claim.subTaskIds[0] ?? ''), 'pending');
    assert.equal(await service(db, serviceId, 'used_quota'), 0);
  }),
);

const endings: [SendResult['kind'], Partial<SendResult>, string][] = [
  ['refused', { code: 'no_such_address' }, 'failed'],
  ['deferred', { code: '429' }, 'pending'],
  ['unusable', { code: '401', message: 'authentication failed' }, 'pending'],
  ['unknown', { code: 'timeout' }, 'uncertain'],
  ['not_sent', {}, 'pending'],
];
for (const [kind, more, expected] of endings) {
  test(
    `${kind} leaves the mail ${expected}`,
    inTransaction(async (db) => {
      const { serviceId, claim, id, taskId } = await aBegunMail(db);
      await completeSends(db, serviceId, claim.claimToken, [result(id, kind, more)]);
      assert.equal(await statusOf(db, id), expected);
      assert.equal(await service(db, serviceId, 'in_flight'), 0);
      assert.equal(await service(db, serviceId, 'used_quota'), kind === 'unknown' ? 1 : 0);
      assert.equal(await driftOf(db, taskId), 0);
    }),
  );
}

test(
  'what the provider refuses for now waits outside the claim, and fails at the fifth time',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 1 });
    const serviceId = await aService(db, { intervalMs: 0 });
    const { loopToken } = await aClaim(db, serviceId);
    await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
    let id = '';
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const { claim, loopToken } = await aClaim(db, serviceId);
      id = claim.subTaskIds[0] ?? '';
      const { mails } = await beginSends(db, claim.claimToken, claim.subTaskIds);
      assert.equal(mails[0]?.refusals, attempt - 1);
      await completeSends(db, serviceId, claim.claimToken, [result(id, 'deferred', { code: '452' })]);
      const next = await claimSubTasks(db, serviceId, loopToken, 1);
      assert.equal(next.outcome, 'frozen');
      await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
      await clockForward(db, '2 hours');
    }
    assert.equal(await statusOf(db, id), 'failed');
  }),
);

test(
  'a service that can not be used is frozen, ever longer, and works again after one success',
  inTransaction(async (db) => {
    const { serviceId, claim, id } = await aBegunMail(db, { intervalMs: 0 });
    await completeSends(db, serviceId, claim.claimToken, [result(id, 'unusable', { message: 'balance' })]);
    assert.equal(await service(db, serviceId, 'freeze_reason'), 'balance');
    assert.equal(await service(db, serviceId, 'freeze_count'), 1);
    await clockForward(db, '31 s');
    const again = await aClaim(db, serviceId);
    await beginSends(db, again.claim.claimToken, again.claim.subTaskIds);
    await completeSends(db, serviceId, again.claim.claimToken, [result(again.claim.subTaskIds[0] ?? '', 'accepted')]);
    assert.equal(await service(db, serviceId, 'freeze_count'), 0);
    assert.equal(await service(db, serviceId, 'freeze_reason'), null);
  }),
);

test(
  'begin refuses while the service is frozen',
  inTransaction(async (db) => {
    const { serviceId, claim, loopToken, id } = await aBegunMail(db, { intervalMs: 1_000 });
    await completeSends(db, serviceId, claim.claimToken, [result(id, 'accepted')]);
    await clockForward(db, '755 ms');
    const next = await claimSubTasks(db, serviceId, loopToken, 1);
    assert.ok(next.outcome === 'claimed' && next.waitMs > 200 && next.waitMs <= 245);
    const begun = await beginSends(db, next.claimToken, next.subTaskIds);
    assert.deepEqual(
      begun.refused.map(({ refusal }) => refusal),
      ['FROZN'],
    );
  }),
);

test(
  'after a pause has returned nothing is begun, and what was claimed is free again',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    const serviceId = await aService(db);
    const { claim } = await aClaim(db, serviceId);
    assert.equal(await one(db, 'select app_public.pause_task($1)', [taskId]), 0);
    const begun = await beginSends(db, claim.claimToken, claim.subTaskIds);
    assert.deepEqual(
      begun.refused.map(({ refusal }) => refusal),
      ['LEASE'],
    );
    assert.equal(await statusOf(db, claim.subTaskIds[0] ?? ''), 'pending');
    assert.equal(await service(db, serviceId, 'in_flight'), 0);
  }),
);

test(
  'a pause says how many mails are on their way',
  inTransaction(async (db) => {
    const { taskId } = await aBegunMail(db);
    assert.equal(await one(db, 'select app_public.pause_task($1)', [taskId]), 1);
  }),
);

test(
  'an address suppressed after rendering is not written to',
  inTransaction(async (db) => {
    const { taskId, workspaceId } = await aQueuedTask(db, { recipients: 1 });
    await db.query(
      `insert into app_public.suppressions select $1, recipient_email, 'manual' from app_public.sub_task_mails where task_id = $2`,
      [workspaceId, taskId],
    );
    const serviceId = await aService(db);
    await assert.rejects(aClaim(db, serviceId), /more/);
    assert.equal(await one(db, 'select status from app_public.sub_tasks where task_id = $1', [taskId]), 'cancelled');
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'the daily quota is counted at the claim and begins anew at midnight of the service',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 5 });
    const serviceId = await aService(db, { intervalMs: 0, dailyQuota: 2, timezone: 'Asia/Shanghai' });
    const { claim, loopToken } = await aClaim(db, serviceId, 5);
    assert.equal(claim.subTaskIds.length, 2);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    await completeSends(
      db,
      serviceId,
      claim.claimToken,
      claim.subTaskIds.map((id) => result(id, 'accepted')),
    );
    const exhausted = await claimSubTasks(db, serviceId, loopToken, 5);
    assert.ok(exhausted.outcome === 'exhausted' && exhausted.waitMs !== null && exhausted.waitMs <= 86_400_000);
    await clockForward(db, `${exhausted.waitMs} ms`);
    assert.equal((await claimSubTasks(db, serviceId, loopToken, 5)).outcome, 'claimed');
  }),
);

test(
  'a service that is not shared serves those it was granted to',
  inTransaction(async (db) => {
    const { workspaceId } = await aQueuedTask(db);
    const serviceId = await aService(db, { isShared: false });
    await assert.rejects(aClaim(db, serviceId), /no_work/);
    await db.query('insert into app_public.email_service_grants values ($1, $2)', [serviceId, workspaceId]);
    await clockForward(db, '1 minute');
    const { claim } = await aClaim(db, serviceId);
    assert.equal(claim.subTaskIds.length, 1);
  }),
);

for (const [how, passOn] of [
  ['', () => null],
  [', also where each claim begins where the last one ended', (claim: Claimed) => claim.hint],
] as const)
  test(
    `workspaces take turns, and so do the Tasks of each${how}`,
    inTransaction(async (db) => {
      const a1 = await aQueuedTask(db, { recipients: 10 });
      const serviceId = await aService(db, { intervalMs: 0 });
      const { loopToken, claim: first } = await aClaim(db, serviceId);
      let last = first;
      const served = async (claims: number) => {
        const taskIds: string[] = [];
        for (let n = 0; n < claims; n += 1) {
          const claim = await claimSubTasks(db, serviceId, loopToken, 1, passOn(last));
          assert.ok(claim.outcome === 'claimed');
          taskIds.push(claim.taskId);
          last = claim;
        }
        return taskIds;
      };
      assert.deepEqual(await served(3), [a1.taskId, a1.taskId, a1.taskId]);
      const b = await aQueuedTask(db, { recipients: 10 });
      assert.deepEqual(await served(3), [b.taskId, a1.taskId, b.taskId]);
      const a2 = await aQueuedTask(db, { recipients: 10, workspaceId: a1.workspaceId });
      const rest = await served(8);
      const count = (taskId: string) => rest.filter((id) => id === taskId).length;
      assert.deepEqual([count(a1.taskId), count(a2.taskId), count(b.taskId)], [2, 2, 4]);
      assert.deepEqual(
        rest.map((id) => id === b.taskId),
        [false, true, false, true, false, true, false, true],
      );
    }),
  );

test(
  'a claim finds its service also where another has written it since',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 10 });
    const [serviceId, other] = [await aService(db, { intervalMs: 0 }), await aService(db, { intervalMs: 0 })];
    const { loopToken, claim } = await aClaim(db, serviceId);
    await db.query('update app_public.email_services set daily_quota = 2');
    const second = await claimSubTasks(db, serviceId, loopToken, 5, claim.hint);
    assert.ok(second.outcome === 'claimed');
    assert.equal(second.subTaskIds.length, 1, 'the new quota holds');
    // Never another service, whatever stands in the place by now.
    const place = await one<string>(db, 'select ctid::text from app_public.email_services where id = $1', [other]);
    const misled = { ...second.hint, place };
    assert.notDeepEqual(misled, second.hint);
    const third = await claimSubTasks(db, serviceId, loopToken, 5, misled);
    assert.equal(third.outcome, 'full');
    assert.equal(await service(db, serviceId, 'in_flight'), 2);
    assert.equal(await service(db, other, 'in_flight'), 0);
  }),
);

test(
  'a Task completes when its last row is settled, and not before',
  inTransaction(async (db) => {
    const { taskId, serviceId, claim, id } = await aBegunMail(db, { intervalMs: 0 });
    const complete = () => db.query('select app_private.complete_tasks()');
    const status = () => one(db, 'select status from app_public.tasks where id = $1', [taskId]);
    await completeSends(db, serviceId, claim.claimToken, [result(id, 'accepted')]);
    await complete();
    assert.equal(await status(), 'queued');
    await clockForward(db, '1 minute');
    const { claim: rest } = await aClaim(db, serviceId, 5);
    await beginSends(db, rest.claimToken, rest.subTaskIds);
    await complete();
    assert.equal(await status(), 'queued');
    await completeSends(
      db,
      serviceId,
      rest.claimToken,
      rest.subTaskIds.map((each) => result(each, 'accepted')),
    );
    await complete();
    assert.equal(await status(), 'completed');
  }),
);

test(
  'a hand in psql can not move a row along a way that does not exist',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    await assert.rejects(
      db.query(
        `update app_public.sub_tasks set status = 'delivered', sent_at = now(), delivered_at = now() where task_id = $1`,
        [taskId],
      ),
      { code: 'TRANS' },
    );
  }),
);

test(
  'a deleted Task takes its mails along, and no row is without its mail',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    const other = await aQueuedTask(db, { recipients: 2 });
    await db.query('delete from app_public.tasks where id = $1', [taskId]);
    const left =
      'select array_agg(distinct m.task_id) from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id';
    assert.deepEqual(await one(db, left), [other.taskId]);
    assert.equal(await one(db, 'select count(*)::integer from app_public.sub_task_mails'), 2);
    await assert.rejects(
      db.query(`insert into app_public.sub_tasks (id, task_id, status) values (gen_random_uuid(), $1, 'pending')`, [
        other.taskId,
      ]),
      { code: '23503' },
    );
  }),
);

test(
  'what is wrong with the service does not count against the mail',
  inTransaction(async (db) => {
    await aQueuedTask(db, { recipients: 1 });
    const serviceId = await aService(db, { intervalMs: 0 });
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      const { claim, loopToken } = await aClaim(db, serviceId);
      await beginSends(db, claim.claimToken, claim.subTaskIds);
      const id = claim.subTaskIds[0] ?? '';
      await completeSends(db, serviceId, claim.claimToken, [result(id, 'unusable', { message: 'no balance' })]);
      assert.equal(await statusOf(db, id), 'pending');
      await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
      await clockForward(db, '2 hours');
    }
  }),
);

test(
  'a provider that refuses everything for now is left alone for a while',
  inTransaction(async (db) => {
    const { serviceId, claim, id, loopToken } = await aBegunMail(db, { intervalMs: 0 });
    await completeSends(db, serviceId, claim.claimToken, [
      result(id, 'deferred', { code: '429', message: 'too many' }),
    ]);
    const next = await claimSubTasks(db, serviceId, loopToken, 1);
    assert.ok(next.outcome === 'frozen' && next.waitMs !== null && next.waitMs > 500 && next.waitMs <= 1_000);
    assert.equal(await service(db, serviceId, 'freeze_reason'), 'too many');
  }),
);

// Ahead of any clock here: that of the hand-over is the database's.
const aMomentLater = { occurred_at: '2100-01-01T00:00:00Z', received_at: '2100-01-01T00:00:00Z' };

test(
  'a mail that an event shows to have left is not sent again when the provider says "later"',
  inTransaction(async (db) => {
    const { serviceId, claim, id, taskId } = await aBegunMail(db);
    await applyEvents(db, [anEvent(id, 'delivered', aMomentLater)], softBounceLimit);
    assert.equal(await statusOf(db, id), 'sending');
    await completeSends(db, serviceId, claim.claimToken, [result(id, 'deferred', { code: '500' })]);
    assert.equal(await statusOf(db, id), 'delivered');
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'a service that counts mails which were deleted with their Task finds out by itself',
  inTransaction(async (db) => {
    const { serviceId, taskId, loopToken } = await aBegunMail(db);
    await db.query('delete from app_public.tasks where id = $1', [taskId]);
    await aQueuedTask(db);
    assert.equal(await service(db, serviceId, 'in_flight'), 1);
    assert.equal((await claimSubTasks(db, serviceId, loopToken, 1)).outcome, 'claimed');
  }),
);

test(
  'after a fault one mail goes ahead of the others',
  inTransaction(async (db) => {
    const { serviceId, claim, id, loopToken } = await aBegunMail(db, { intervalMs: 0 });
    await completeSends(db, serviceId, claim.claimToken, [result(id, 'unusable', { message: 'balance' })]);
    await clockForward(db, '11 s');
    const probe = await claimSubTasks(db, serviceId, loopToken, 5);
    assert.ok(probe.outcome === 'claimed');
    assert.equal(probe.subTaskIds.length, 1);
    assert.equal((await claimSubTasks(db, serviceId, loopToken, 5)).outcome, 'full');
    await beginSends(db, probe.claimToken, probe.subTaskIds);
    await completeSends(db, serviceId, probe.claimToken, [result(probe.subTaskIds[0] ?? '', 'accepted')]);
    const rest = await claimSubTasks(db, serviceId, loopToken, 5);
    assert.ok(rest.outcome === 'claimed');
    assert.equal(rest.subTaskIds.length, 2);
  }),
);

test(
  'what one service can not send goes through the others',
  inTransaction(async (db) => {
    const { id, serviceId, claim } = await aBegunMail(db, { intervalMs: 0 });
    await completeSends(db, serviceId, claim.claimToken, [result(id, 'unusable', { message: 'balance' })]);
    const other = await aClaim(db, await aService(db, { intervalMs: 0 }), 5);
    assert.ok(other.claim.subTaskIds.includes(id));
  }),
);
