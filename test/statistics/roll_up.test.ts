// Promise: what happened is counted in the hour it was recorded, once; a closed hour never changes, and outlives what it was made from.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type pg from 'pg';
import { rollUpAll } from '../../src/cron/roll_up.ts';
import { applyEvents, type EventToApply } from '../../src/database/events/apply_events.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends, type SendResult } from '../../src/database/queue/complete_sends.ts';
import { rollUpHour } from '../../src/database/rollup/roll_up_hour.ts';
import { createLogger } from '../../src/log.ts';
import { aLane } from '../queue/allowances.ts';
import { anEvent, type EventKind, softBounceLimit } from '../queue/model/words.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';

const log = createLogger({ LOG_LEVEL: 'silent' });
const stopping = new AbortController().signal;

/** Sends mails of the waiting Tasks with a new service, with one answer each. @returns their ids. */
async function send(db: pg.Pool, kinds: SendResult['kind'][]): Promise<{ serviceId: string; ids: string[] }> {
  const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 100 });
  const { claim } = await aClaim(db, serviceId, kinds.length);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const rest = { message: null, response: null, retryAfterMs: null, messageId: null, code: 'told', roundTripMs: 20 };
  const results = claim.subTaskIds.map((id, i) => ({ ...rest, id, kind: kinds[i] ?? 'accepted' }));
  await completeSends(db, serviceId, claim.claimToken, results);
  return { serviceId, ids: claim.subTaskIds };
}

const event = (kind: EventKind, subTaskId = '', machine: boolean | null = null, at = new Date()): EventToApply =>
  anEvent(subTaskId, kind, { occurred_at: at.toISOString(), machine });

const hourMs = 3_600_000;

/** As if what this test recorded until now had been recorded so many hours, and some minutes, after a time. */
async function recorded(db: pg.Pool, start: Date, hours: number): Promise<void> {
  const time = new Date(start.getTime() + hours * hourMs + hourMs / 6);
  const lately = `interval '30 minutes'`;
  await db.query(`update app_hidden.sub_task_changes set changed_at = $1 where changed_at > now() - ${lately}`, [time]);
  for (const table of ['app_public.mail_events', 'app_hidden.click_verdicts'])
    await db.query(`update ${table} set recorded_at = $1 where recorded_at > now() - ${lately}`, [time]);
}

const rolledUntil = (db: pg.Pool) => one<Date>(db, 'select rolled_until from app_hidden.roll_up_progress');

/** So many hours are open: the last of them is the one before this. */
async function openHours(db: pg.Pool, hours: number): Promise<Date> {
  await db.query('truncate app_public.hourly_statistics');
  return one(
    db,
    `update app_hidden.roll_up_progress
        set rolled_until = date_trunc('hour', app_hidden.current_time(), 'UTC') - make_interval(hours => $1), barrier = null, barrier_at = null
     returning rolled_until`,
    [hours],
  );
}

/** Other tests of the cluster have transactions too, which are waited for. */
async function rollUpUntilDone(db: pg.Pool): Promise<void> {
  await eventually(
    () => rollUpAll({ db, log, stopping }).then(() => rollUpHour(db)),
    (outcome) => outcome === 'up_to_date',
  );
}

const hourlySql = `select hour, task_id, service_id, lane, sent, delivered, soft_bounced, hard_bounced, bounced, opened, clicked, human_opened, human_clicked,
  complained, unsubscribed, failed, uncertain, round_trip_ms_sum, round_trip_count from app_public.hourly_statistics order by hour`;

const nothing = {
  lane: '',
  sent: 0,
  delivered: 0,
  soft_bounced: 0,
  hard_bounced: 0,
  bounced: 0,
  opened: 0,
  clicked: 0,
  human_opened: 0,
  human_clicked: 0,
  complained: 0,
  unsubscribed: 0,
  failed: 0,
  uncertain: 0,
  round_trip_ms_sum: 0,
  round_trip_count: 0,
};

suite('the hourly roll-up', async () => {
  const database = await createTestDatabase();
  after(() => database.close());
  const { pool } = database;

  test('each mail once for each thing that happened to it, in the hour it was first heard of', async () => {
    const start = await openHours(pool, 4);
    const { taskId } = await aQueuedTask(pool, { recipients: 4 });
    const { serviceId, ids } = await send(pool, ['accepted', 'accepted', 'refused', 'unknown']);
    const [first, second] = ids;
    await applyEvents(
      pool,
      [event('delivered', first), event('open', first, true), event('soft_bounce', second)],
      softBounceLimit,
    );
    await recorded(pool, start, 0);
    await applyEvents(
      pool,
      [
        event('delivered', first),
        event('open', first, false),
        event('open', first, false),
        event('click', first, true),
        event('hard_bounce', second),
        event('complaint', first),
        event('unsubscribe', first),
      ],
      softBounceLimit,
    );
    await recorded(pool, start, 2);
    await rollUpUntilDone(pool);
    const line = { task_id: taskId, service_id: serviceId, ...nothing };
    assert.deepEqual((await pool.query(hourlySql)).rows, [
      {
        ...line,
        hour: start,
        sent: 2,
        delivered: 1,
        opened: 1,
        soft_bounced: 1,
        bounced: 1,
        failed: 1,
        uncertain: 1,
        round_trip_ms_sum: 40,
        round_trip_count: 2,
      },
      {
        ...line,
        hour: new Date(start.getTime() + 2 * hourMs),
        clicked: 1,
        human_opened: 1,
        hard_bounced: 1,
        complained: 1,
        unsubscribed: 1,
      },
    ]);
  });

  test('the sums are the funnel', async () => {
    const { rows } = await pool.query(
      `select sum(h.sent)::integer as sent, sum(h.delivered)::integer as delivered, sum(h.opened)::integer as opened, sum(h.clicked)::integer as clicked
         from app_public.hourly_statistics h`,
    );
    const funnel = await pool.query(
      `select f.sent, f.delivered, f.opened, f.clicked from app_public.tasks t cross join lateral app_public.tasks_funnel(t) as f`,
    );
    assert.deepEqual(rows, funnel.rows);
  });

  test('a closed hour stays as it is: what comes into it late, what goes, and a second run change nothing', async () => {
    const { rows: before } = await pool.query(hourlySql);
    await pool.query(`update app_public.mail_events set recorded_at = recorded_at + interval '1 hour'`);
    await pool.query(`update app_hidden.roll_up_progress set rolled_until = rolled_until - interval '4 hours'`);
    await pool.query('delete from app_public.tasks');
    await pool.query('truncate app_public.mail_events, app_hidden.sub_task_changes');
    await rollUpUntilDone(pool);
    assert.deepEqual((await pool.query(hourlySql)).rows, before);
  });

  /** What the hours in which a Task has a line say of some columns, in their order. */
  const lines = async (taskId: string, ...columns: string[]) =>
    (
      await pool.query({
        text: `select ${columns.join(', ')} from app_public.hourly_statistics where task_id = $1 order by hour`,
        values: [taskId],
        rowMode: 'array',
      })
    ).rows;

  test("a click that is found to be a robot's after its hour was closed is taken back in the hour it was found", async () => {
    const start = await openHours(pool, 4);
    const { taskId } = await aQueuedTask(pool, { recipients: 1 });
    const { ids } = await send(pool, ['accepted']);
    const clickedAt = new Date();
    await applyEvents(pool, [event('click', ids[0], null, clickedAt)], softBounceLimit);
    await recorded(pool, start, 0);
    await pool.query('select app_hidden.roll_up($1)', [start]);
    const closed = await lines(taskId, 'clicked', 'human_clicked');
    assert.deepEqual(closed, [[1, 1]]);
    const deliveredAt = new Date(clickedAt.getTime() - 1_000);
    await applyEvents(pool, [event('delivered', ids[0], null, deliveredAt)], softBounceLimit);
    await recorded(pool, start, 2);
    await rollUpUntilDone(pool);
    assert.deepEqual(await lines(taskId, 'clicked', 'human_clicked'), [...closed, [0, -1]]);
    assert.equal(await one(pool, 'select count(*)::integer from app_hidden.click_verdicts'), 0);
  });

  test('what was heard in a month that is gone is not heard for the first time again', async () => {
    const start = await openHours(pool, 4);
    await aQueuedTask(pool, { recipients: 1 });
    const { ids } = await send(pool, ['accepted']);
    const kinds = ['delivered', 'open', 'click', 'soft_bounce', 'complaint', 'unsubscribe'] as const;
    const tell = () =>
      applyEvents(
        pool,
        kinds.map((kind) => event(kind, ids[0])),
        softBounceLimit,
      );
    await tell();
    await recorded(pool, start, 0);
    await pool.query('select app_hidden.roll_up($1)', [start]);
    const before = await pool.query(hourlySql);
    await pool.query('truncate app_public.mail_events');
    await tell();
    await recorded(pool, start, 2);
    await rollUpUntilDone(pool);
    assert.deepEqual((await pool.query(hourlySql)).rows, before.rows);
  });

  test('the success rate asks how mails ended: a soft bounce that was delivered did well, and one mail fails once', async () => {
    const start = await openHours(pool, 4);
    const { taskId } = await aQueuedTask(pool, { recipients: 4 });
    const { serviceId, ids } = await send(pool, ['accepted', 'accepted', 'accepted', 'refused']);
    const [delayed, gone] = ids;
    await applyEvents(pool, [event('soft_bounce', delayed), event('soft_bounce', gone)], softBounceLimit);
    await recorded(pool, start, 0);
    const later = new Date(Date.now() + 1_000);
    await applyEvents(
      pool,
      [event('delivered', delayed, null, later), event('hard_bounce', gone, null, later)],
      softBounceLimit,
    );
    await recorded(pool, start, 2);
    await rollUpUntilDone(pool);
    assert.deepEqual(await lines(taskId, 'sent', 'soft_bounced', 'hard_bounced', 'bounced'), [
      [3, 2, 0, 2],
      [0, 0, 1, -1],
    ]);
    const { rows } = await pool.query('select bounced, success_rate from app_public.service_statistics($1, 1)', [
      serviceId,
    ]);
    assert.deepEqual(rows, [{ bounced: 1, success_rate: 0.5 }]);
  });

  test('an hour waits for a transaction that may bring a row of it, and goes on after it', async () => {
    const writer = await pool.connect();
    try {
      await writer.query('begin');
      await writer.query('insert into app_public.workspaces (name) values ($1)', ['late']);
      const start = await openHours(pool, 2);
      await rollUpAll({ db: pool, log, stopping });
      await rollUpAll({ db: pool, log, stopping });
      assert.deepEqual(await rolledUntil(pool), start);
      await writer.query('commit');
      await rollUpUntilDone(pool);
      assert.equal((await rolledUntil(pool)).getTime() - start.getTime(), 2 * hourMs);
    } finally {
      writer.release();
    }
  });

  test('what becomes of the mails of a lane is told by its own line', async () => {
    await aLane(pool, 'big', 'big.example');
    const start = await openHours(pool, 4);
    const { taskId } = await aQueuedTask(pool, { recipients: 2, domains: ['big.example'] });
    const { ids } = await send(pool, ['accepted', 'accepted']);
    await recorded(pool, start, 0);
    const [first, second] = ids;
    await applyEvents(
      pool,
      [event('click', first), event('delivered', second), event('hard_bounce', second)],
      softBounceLimit,
    );
    await recorded(pool, start, 2);
    await rollUpUntilDone(pool);
    assert.deepEqual(
      await lines(taskId, 'lane', 'sent', 'round_trip_ms_sum', 'round_trip_count', 'human_clicked', 'bounced'),
      [
        ['big', 2, 40, 2, 0, 0],
        ['big', 0, 0, 0, 1, 1],
      ],
    );
  });

  test('after weeks without a worker, and by many at once, each hour is closed once', async () => {
    const start = await openHours(pool, 500);
    await Promise.all(Array.from({ length: 4 }, () => rollUpUntilDone(pool)));
    assert.equal((await rolledUntil(pool)).getTime() - start.getTime(), 500 * hourMs);
  });

  test('numbers of transactions from another server, after a restore, hold nothing up', async () => {
    const start = await openHours(pool, 1);
    await pool.query(
      `update app_hidden.roll_up_progress set barrier = '999999999999', barrier_at = app_hidden.current_time()`,
    );
    await rollUpUntilDone(pool);
    assert.equal((await rolledUntil(pool)).getTime() - start.getTime(), hourMs);
  });
});
