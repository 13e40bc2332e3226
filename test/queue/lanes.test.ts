// Promise: a lane that a service has filled for the day waits beside the others, blocks nothing, and goes on at midnight or through another service.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import type { SendResult } from '../../src/database/queue/complete_sends.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { returnClaims } from '../../src/database/queue/return_claims.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, type Claimed, clockForward, driftOf, one } from '../support/scene.ts';
import {
  aCap,
  aLane,
  aLoop,
  answer,
  claimed,
  lanesOf,
  msUntilMidnight,
  pastMidnight,
  sendAll,
  stopClock,
  usedOf,
} from './allowances.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () =>
  withTransaction(database.pool, async (db) => {
    await stopClock(db);
    await work(db);
  });

/** Mails to the lane `big` (big.example) and to no lane (small.example), in equal parts, and a service that may send `cap` a day into `big`. */
async function aScene(
  db: Queryable,
  { cap = 2, recipients = 6, domains = ['big.example', 'small.example'], timezone = 'UTC', intervalMs = 0 } = {},
) {
  await aLane(db, 'big', 'big.example');
  const { taskId } = await aQueuedTask(db, { recipients, domains });
  const serviceId = await aService(db, { intervalMs, timezone });
  await aCap(db, serviceId, 'big', cap);
  return { taskId, serviceId };
}

const waitingIn = (db: Queryable, taskId: string) =>
  one<Record<string, number>>(
    db,
    `select coalesce(jsonb_object_agg(lane, mails), '{}')
       from (select lane, count(*) as mails from app_public.sub_tasks where task_id = $1 and status = 'pending' group by lane) as l`,
    [taskId],
  );

const nextRunInMs = (db: Queryable, serviceId: string) =>
  one<number | null>(
    db,
    `select app_hidden.ms_until(app_hidden.next_run_at(s), app_hidden.current_time()) from app_public.email_services s where id = $1`,
    [serviceId],
  );

test(
  'generation puts each recipient into the lane of its domain',
  inTransaction(async (db) => {
    await aLane(db, 'big', 'big.example');
    await db.query(`insert into app_public.lane_domains values ('big.test', 'big')`);
    const domains = ['big.example', 'big.test', 'small.example', 'sub.big.example'];
    const { taskId } = await aQueuedTask(db, { recipients: 8, domains });
    const { rows } = await db.query<{ domain: string; lane: string }>(
      `select distinct split_part(m.recipient_email, '@', 2) as domain, st.lane
         from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id where st.task_id = $1 order by 1`,
      [taskId],
    );
    assert.deepEqual(
      rows.map(({ domain, lane }) => [domain, lane]),
      [
        ['big.example', 'big'],
        ['big.test', 'big'],
        ['small.example', ''],
        ['sub.big.example', ''],
      ],
    );
  }),
);

test(
  'a lane at its cap blocks nothing: all others are sent, its own wait',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { cap: 1, recipients: 10 });
    assert.equal(await sendAll(db, serviceId, await aLoop(db, serviceId)), 6);
    assert.deepEqual(await waitingIn(db, taskId), { big: 4 });
    assert.equal(await usedOf(db, serviceId, 'big'), 1);
    assert.equal(await driftOf(db, taskId), 0);
  }),
);

test(
  'a batch is of one lane and no larger than what is left of its cap, which counts at the claim',
  inTransaction(async (db) => {
    const { serviceId } = await aScene(db, { cap: 2, domains: ['big.example'] });
    const claim = await aLoop(db, serviceId);
    assert.deepEqual(await lanesOf(db, claimed(await claim(100)).subTaskIds), ['big', 'big']);
    assert.equal(await usedOf(db, serviceId, 'big'), 2);
    assert.equal((await claim(100)).outcome, 'no_work');
  }),
);

test(
  'the nameless lane can be capped, too',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { cap: 100, recipients: 10 });
    await aCap(db, serviceId, '', 2);
    assert.equal(await sendAll(db, serviceId, await aLoop(db, serviceId)), 7);
    assert.deepEqual(await waitingIn(db, taskId), { '': 3 });
  }),
);

test(
  'rows of all lanes are served in the order in which they have waited',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { cap: 100, recipients: 12 });
    const claim = await aLoop(db, serviceId);
    const served: string[] = [];
    for (let mail = 1; mail <= 12; mail += 1) served.push(...claimed(await claim()).subTaskIds);
    const { rows } = await db.query<{ id: string }>(
      'select id from app_public.sub_tasks where task_id = $1 order by position',
      [taskId],
    );
    assert.deepEqual(
      served,
      rows.map(({ id }) => id),
    );
  }),
);

const ways: [string, (db: Queryable, of: { taskId: string; serviceId: string; claim: Claimed }) => Promise<unknown>][] =
  [
    ['returned', (db, { serviceId, claim }) => returnClaims(db, serviceId, claim.claimToken, claim.subTaskIds)],
    ['paused', (db, { taskId }) => db.query('select app_public.pause_task($1)', [taskId])],
    ['cancelled', (db, { taskId }) => db.query('select app_public.cancel_task($1)', [taskId])],
    ['stopped', (db) => db.query('select app_public.stop_sending()')],
    ['its lease ran out', (db) => clockForward(db, '31 s').then(() => reapLeases(db))],
  ];
for (const kind of ['deferred', 'refused', 'unusable', 'not_sent'] as const)
  ways.push([kind, (db, { serviceId, claim }) => answer(db, serviceId, claim, kind)]);
for (const [name, undo] of ways) {
  test(
    `the cap is given back for what was claimed and not sent: ${name}`,
    inTransaction(async (db) => {
      await atNoon(db);
      const { taskId, serviceId } = await aScene(db, { cap: 3, domains: ['big.example'] });
      const claim = claimed(await (await aLoop(db, serviceId))(2));
      assert.equal(await usedOf(db, serviceId, 'big'), 2);
      await undo(db, { taskId, serviceId, claim });
      assert.equal(await usedOf(db, serviceId, 'big'), 0);
      assert.equal(await driftOf(db, taskId), 0);
    }),
  );
}

for (const kind of ['accepted', 'unknown'] as const satisfies SendResult['kind'][]) {
  test(
    `what was ${kind} stays counted`,
    inTransaction(async (db) => {
      const { serviceId } = await aScene(db, { domains: ['big.example'] });
      await answer(db, serviceId, claimed(await (await aLoop(db, serviceId))(2)), kind);
      assert.equal(await usedOf(db, serviceId, 'big'), 2);
    }),
  );
}

test(
  'what was claimed before midnight gives nothing back to the day after',
  inTransaction(async (db) => {
    const { serviceId } = await aScene(db, { cap: 3, domains: ['big.example'] });
    await pastMidnight(db, serviceId, -10);
    const claim = await aLoop(db, serviceId);
    const old = claimed(await claim(2));
    await clockForward(db, '11 s');
    claimed(await claim(1));
    assert.equal(await usedOf(db, serviceId, 'big'), 1);
    assert.equal(await returnClaims(db, serviceId, old.claimToken, old.subTaskIds), 2);
    assert.equal(await usedOf(db, serviceId, 'big'), 1);
  }),
);

test(
  'with nothing but a full lane left the service has no work until midnight of its zone; then it has',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { cap: 2, domains: ['big.example'], timezone: 'Asia/Kathmandu' });
    const claim = await aLoop(db, serviceId);
    assert.equal(await sendAll(db, serviceId, claim), 2);
    const told = await claim();
    const midnight = await msUntilMidnight(db, serviceId);
    assert.deepEqual(told, { outcome: 'no_work', waitMs: midnight });
    assert.equal(await nextRunInMs(db, serviceId), midnight);
    await pastMidnight(db, serviceId, 0);
    assert.equal(await nextRunInMs(db, serviceId), 0);
    assert.equal(await sendAll(db, serviceId, await aLoop(db, serviceId)), 2);
    assert.deepEqual(await waitingIn(db, taskId), { big: 2 });
  }),
);

test(
  'the end of a loop leaves a job for the midnight at which its lane opens',
  inTransaction(async (db) => {
    const { serviceId } = await aScene(db, { cap: 1, domains: ['big.example'] });
    const { claim, loopToken } = await aClaim(db, serviceId);
    await answer(db, serviceId, claim);
    await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
    const early = await one<number>(
      db,
      `select extract(epoch from app_hidden.quota_renews_at(s, app_hidden.current_time()) - j.run_at)::float8
         from graphile_worker._private_jobs j, app_public.email_services s where j.key = 'send:' || s.id and s.id = $1`,
      [serviceId],
    );
    assert.equal(early, 1.2);
  }),
);

test(
  'another service, which has no cap, takes what the first may not',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { cap: 1, domains: ['big.example'] });
    assert.equal(await sendAll(db, serviceId, await aLoop(db, serviceId)), 1);
    const other = await aService(db, { intervalMs: 0 });
    assert.equal(await sendAll(db, other, await aLoop(db, other)), 5);
    assert.deepEqual(await waitingIn(db, taskId), {});
  }),
);

test(
  'a Task with nothing but a full lane lets those of lower priority through',
  inTransaction(async (db) => {
    const { serviceId } = await aScene(db, { cap: 0, domains: ['big.example'] });
    await db.query('update app_public.tasks set priority = 5');
    const { taskId } = await aQueuedTask(db, { recipients: 2 });
    const claim = await aLoop(db, serviceId);
    assert.equal(claimed(await claim(100)).taskId, taskId);
  }),
);

test(
  'a cap that is raised opens its lane at once, and the sweep wakes the service for it',
  inTransaction(async (db) => {
    const { serviceId } = await aScene(db, { cap: 1, domains: ['big.example'] });
    const { claim, loopToken } = await aClaim(db, serviceId);
    await answer(db, serviceId, claim);
    await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
    await db.query('update app_public.email_service_caps set daily_cap = 3');
    const { rows } = await db.query<{ id: string }>('select app_private.wake_idle_services() as id');
    assert.deepEqual(rows, [{ id: serviceId }]);
    assert.equal(await sendAll(db, serviceId, await aLoop(db, serviceId)), 2);
  }),
);

test(
  'a paced service passes a full lane over without losing an interval',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { cap: 1, intervalMs: 1_000, recipients: 8 });
    const claim = await aLoop(db, serviceId);
    for (let mail = 1; mail <= 5; mail += 1) {
      await answer(db, serviceId, claimed(await claim()));
      await clockForward(db, '1 s');
    }
    assert.equal((await claim()).outcome, 'no_work');
    assert.deepEqual(await waitingIn(db, taskId), { big: 3 });
  }),
);

/** So that a test that moves the clock by seconds crosses no midnight. */
async function atNoon(db: Queryable): Promise<void> {
  await clockForward(
    db,
    await one<string>(
      db,
      `select (date_trunc('day', now() at time zone 'UTC') + interval '36 hours' - now() at time zone 'UTC')::text`,
    ),
  );
}
