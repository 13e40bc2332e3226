// Promise: a forecast says when a Task will have sent its last mail, before launch and under way, as its services' pace and quota have it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { aWarmUp, pastMidnight, stopClock } from '../queue/allowances.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aDraft, aQueuedTask, aService, aWorkspace, one } from '../support/scene.ts';

const hour = 3_600_000;

interface Forecast {
  recipients: number;
  left: number;
  finishes_at: Date | null;
  rate_per_hour: number;
  limiting: string;
  /** Until finishes_at, in milliseconds. */
  ms: number;
}

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

async function forecast(db: Queryable, taskId: string): Promise<Forecast> {
  const { rows } = await db.query<Forecast>(
    `select f.*, app_hidden.ms_until(f.finishes_at, app_hidden.current_time()) as ms from app_public.forecast_task($1) f`,
    [taskId],
  );
  assert.ok(rows[0] !== undefined);
  return rows[0];
}

async function shares(db: Queryable, taskId: string) {
  const { rows } = await db.query<{ name: string; share: number; rate_per_hour: number; finishes_at: Date | null }>(
    'select * from app_public.forecast_task_services($1)',
    [taskId],
  );
  return rows;
}

function near(actual: number, expected: number, part = 0.05): void {
  assert.ok(Math.abs(actual - expected) <= expected * part, `${actual} is not near ${expected}`);
}

test(
  'two services of 31 and 18 s send 316 mails an hour, less the round trips',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 632 });
    await aService(db, { name: 'a', intervalMs: 31_000 });
    await aService(db, { name: 'b', intervalMs: 18_000 });
    const told = await forecast(db, taskId);
    near(told.rate_per_hour, 316);
    near(told.rate_per_hour, hour / 31_250 + hour / 18_250, 1e-9);
    near(told.ms, (632 / told.rate_per_hour) * hour, 0.001);
    assert.deepEqual([told.recipients, told.left, told.limiting], [632, 632, 'pace']);
    const [a, b] = await shares(db, taskId);
    assert.ok(a !== undefined && b !== undefined && a.finishes_at !== null);
    assert.equal(a.share + b.share, 632);
    near(a.share, (632 * a.rate_per_hour) / told.rate_per_hour, 0.01);
    near(a.finishes_at.getTime(), told.finishes_at?.getTime() ?? 0, 1e-9);
  }),
);

test(
  'a Task that is bound to one service is told by that one, and takes nothing of the others from their Tasks',
  inTransaction(async (db) => {
    const { taskId, workspaceId } = await aQueuedTask(db, { recipients: 100 });
    const bound = await aService(db, { name: 'a', intervalMs: 30_000 });
    await aService(db, { name: 'b', intervalMs: 30_000 });
    const both = await forecast(db, taskId);
    const { taskId: other } = await aQueuedTask(db, { workspaceId, recipients: 100 });
    await db.query('update app_public.tasks set email_service_id = $2 where id = $1', [other, bound]);
    const alone = await forecast(db, other);
    near(alone.rate_per_hour, both.rate_per_hour / 2, 1e-9);
    assert.deepEqual(
      (await shares(db, other)).map(({ name }) => name),
      ['a'],
    );
    // It goes to the workspace's Contacts, which are 200 by now, and half of the first Task comes to its service; of it as many go to both in turn.
    near(alone.ms, (250 / alone.rate_per_hour) * hour, 0.01);
    near((await forecast(db, taskId)).ms, (200 / both.rate_per_hour) * hour, 0.01);
  }),
);

test(
  'the round trip is the one that the service lately had',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 10 });
    const serviceId = await aService(db, { intervalMs: 1_000 });
    const { claim } = await aClaim(db, serviceId);
    await beginSends(db, claim.claimToken, claim.subTaskIds);
    const answer = { kind: 'accepted', messageId: null, code: null, message: null, response: null } as const;
    await completeSends(db, serviceId, claim.claimToken, [
      { ...answer, id: claim.subTaskIds[0] ?? '', roundTripMs: 800, retryAfterMs: null },
    ]);
    const told = await forecast(db, taskId);
    near(told.rate_per_hour, 2_000, 1e-6);
    assert.deepEqual([told.recipients, told.left], [10, 9]);
  }),
);

test(
  'what exceeds the quota goes after midnight of the service',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 5 });
    const serviceId = await aService(db, { intervalMs: 0, dailyQuota: 2, timezone: 'Asia/Shanghai' });
    const told = await forecast(db, taskId);
    const midnight = await one<Date>(
      db,
      `select app_hidden.quota_renews_at(s, app_hidden.current_time()) + interval '1 day' from app_public.email_services s where id = $1`,
      [serviceId],
    );
    assert.equal(told.limiting, 'quota');
    const late = (told.finishes_at?.getTime() ?? 0) - midnight.getTime();
    assert.ok(late >= 0 && late < 1_000, `${late} ms after the second midnight`);
  }),
);

/** Until a Task is done, in hours, from a midnight on; one service that could send 3,600 an hour (a mail a second) warms up. */
async function hoursOfWarmUp(db: Queryable, recipients: number, dailyQuota: number | null, firstDay = 0) {
  await stopClock(db);
  const { taskId } = await aQueuedTask(db, { recipients });
  const serviceId = await aService(db, { intervalMs: 750, dailyQuota });
  await pastMidnight(db, serviceId, 0);
  await aWarmUp(db, serviceId, { 1: 36, 2: 72, 4: 360 });
  await db.query('update app_public.email_services set warm_up_started_on = warm_up_started_on + $1::integer', [
    firstDay,
  ]);
  return (await forecast(db, taskId)).ms / hour;
}

// Days of 36, 72, 72 and 360 mails; from then on as many as a day has seconds, or the quota.
const warmUps: [string, number, number | null, number, number][] = [
  ['within its first day', 18, null, 0, 18 / 3_600],
  ['on the third day, after 36 and 72', 36 + 72 + 18, null, 0, 48 + 18 / 3_600],
  ['on the fourth day, whose line is the last', 36 + 72 + 72 + 360, null, 0, 72 + 360 / 3_600],
  ['on the fifth day, where nothing holds it back', 36 + 72 + 72 + 360 + 1_800, null, 0, 96 + 0.5],
  ['on the sixth day, where the quota of 400 does', 36 + 72 + 72 + 360 + 400 + 200, 400, 0, 120 + 200 / 3_600],
  ['with a quota below the curve on the fourth day', 36 + 50 + 50 + 50 + 10, 50, 0, 96 + 10 / 3_600],
  ['on the second day of a warm-up that begins then, with the quota before', 100 + 36, 100, 1, 24 + 36 / 3_600],
];
for (const [name, recipients, quota, firstDay, expected] of warmUps) {
  test(
    `a service that warms up is done ${name}`,
    inTransaction(async (db) => {
      const hours = await hoursOfWarmUp(db, recipients, quota, firstDay);
      near(hours, expected, 1e-5);
    }),
  );
}

test(
  'a warm-up that begins tomorrow counts, also where there is no quota today',
  inTransaction(async (db) => {
    await stopClock(db);
    const { taskId } = await aQueuedTask(db, { recipients: 60 + 36 + 18 });
    const serviceId = await aService(db, { intervalMs: 750 });
    await pastMidnight(db, serviceId, -60);
    await aWarmUp(db, serviceId, { 1: 36, 2: 72 });
    await db.query('update app_public.email_services set warm_up_started_on = warm_up_started_on + 1');
    near((await forecast(db, taskId)).ms, 60_000 + 24 * hour + 18_000, 1e-5);
  }),
);

test(
  'the rate bounds what many at once could send',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 500 });
    const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 100 });
    await db.query('update app_public.email_services set rate_per_second = 5 where id = $1', [serviceId]);
    const told = await forecast(db, taskId);
    near(told.rate_per_hour, 18_000, 1e-9);
    near(told.ms, 100_000, 1e-3);
    await db.query('update app_public.email_services set rate_per_second = 5000 where id = $1', [serviceId]);
    near((await forecast(db, taskId)).rate_per_hour, 400 * 3_600, 1e-9);
  }),
);

test(
  'a service that is frozen begins at its thaw',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 10 });
    const serviceId = await aService(db, { intervalMs: 9_750 });
    await db.query(
      `update app_public.email_services set frozen_until = app_hidden.current_time() + interval '1 hour' where id = $1`,
      [serviceId],
    );
    near((await forecast(db, taskId)).ms, hour + 100_000, 0.001);
  }),
);

test(
  'before launch the recipients are counted, from the time it is scheduled for',
  inTransaction(async (db) => {
    const { taskId, workspaceId } = await aDraft(db, { recipients: 40 });
    await db.query(
      `insert into app_public.suppressions select workspace_id, email, 'manual' from app_public.contacts where workspace_id = $1 limit 4`,
      [workspaceId],
    );
    await aService(db, { intervalMs: 9_750 });
    const draft = await forecast(db, taskId);
    assert.deepEqual([draft.recipients, draft.left], [36, 36]);
    near(draft.ms, 360_000, 0.001);
    await db.query(`select app_public.schedule_task($1, app_hidden.current_time() + interval '2 hours')`, [taskId]);
    near((await forecast(db, taskId)).ms, 2 * hour + 360_000, 0.001);
  }),
);

test(
  'two equal Tasks take turns: the small one takes twice its time, the large one goes on alone',
  inTransaction(async (db) => {
    const small = await aQueuedTask(db, { recipients: 20 });
    const large = await aQueuedTask(db, { recipients: 60 });
    await aService(db, { intervalMs: 9_750 });
    near((await forecast(db, small.taskId)).ms, 400_000, 0.001);
    near((await forecast(db, large.taskId)).ms, 800_000, 0.001);
    assert.deepEqual(
      (await shares(db, large.taskId)).map(({ share }) => share),
      [60],
    );
  }),
);

test(
  'a Task of higher priority goes first, but not on services that it may not use',
  inTransaction(async (db) => {
    const { taskId, workspaceId } = await aQueuedTask(db, { recipients: 20 });
    const urgent = await aQueuedTask(db, { recipients: 30, priority: 1 });
    await aService(db, { name: 'shared', intervalMs: 9_750 });
    near((await forecast(db, taskId)).ms, 500_000, 0.001);
    near((await forecast(db, urgent.taskId)).ms, 300_000, 0.001);
    const own = await aService(db, { name: 'own', intervalMs: 9_750, isShared: false });
    await db.query('insert into app_public.email_service_grants values ($1, $2)', [own, workspaceId]);
    near((await forecast(db, taskId)).ms, 250_000, 0.001);
  }),
);

test(
  'where nothing may send there is no end to tell',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db);
    const told = await forecast(db, taskId);
    assert.deepEqual([told.finishes_at, told.rate_per_hour, told.limiting], [null, 0, 'nothing may send']);
    assert.deepEqual(await shares(db, taskId), []);
    await aService(db, { dailyQuota: 0 });
    assert.equal((await forecast(db, taskId)).limiting, 'nothing may send');
  }),
);

test(
  'what takes more than 400 days has no end either',
  inTransaction(async (db) => {
    const { taskId } = await aQueuedTask(db, { recipients: 450 });
    await aService(db, { intervalMs: 0, dailyQuota: 1 });
    const told = await forecast(db, taskId);
    assert.deepEqual([told.finishes_at, told.limiting], [null, 'quota']);
    assert.equal((await shares(db, taskId))[0]?.share, 450);
  }),
);

test(
  'a Task that does not exist is refused',
  inTransaction(async (db) => {
    await assert.rejects(forecast(db, await aWorkspace(db)), { code: 'NTFND' });
  }),
);
