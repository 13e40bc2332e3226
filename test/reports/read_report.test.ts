// Promise: a report's numbers are those of the closed hours of whole days in its zone, beside as much of the time before; it says what binds each service.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { readReport, today } from '../../src/database/reports/read_report.ts';
import { findingsOf } from '../../src/reports/findings.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aDraft, aQueuedTask, aService, one } from '../support/scene.ts';
import { aHistory } from './scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

interface Hour {
  readonly at: string;
  readonly sent: number;
  readonly serviceId?: string;
  readonly taskId?: string;
}

async function hours(db: Queryable, closedUntil: string, told: readonly Hour[]): Promise<void> {
  await db.query('update app_hidden.roll_up_progress set rolled_until = $1', [closedUntil]);
  for (const { at, sent, serviceId = null, taskId = randomUUID() } of told)
    await db.query(
      `insert into app_public.hourly_statistics (hour, task_id, service_id, lane, sent) values ($1, $2, $3, $4, $5)`,
      [at, taskId, serviceId, randomUUID(), sent],
    );
}

describe('days', () => {
  test(
    'are those of the zone, where it changes its clocks too, and the days before lie beside them',
    inTransaction(async (db) => {
      // In Berlin the last Sunday of March 2020 had 23 hours, from 23:00 to 22:00 UTC.
      await hours(db, '2020-04-01T00:00Z', [
        { at: '2020-03-28T22:00Z', sent: 1 },
        { at: '2020-03-28T23:00Z', sent: 10 },
        { at: '2020-03-29T21:00Z', sent: 100 },
        { at: '2020-03-29T22:00Z', sent: 1_000 },
      ]);
      const sunday = { from: '2020-03-29', to: '2020-03-29', timezone: 'Europe/Berlin' };
      const report = await readReport(db, sunday);
      assert.equal(report.now?.sent, 110);
      assert.equal(report.before?.sent, 1);
      assert.equal(report.isWhole, true);
      assert.equal(
        report.points.reduce((sum, { sent }) => sum + sent, 0),
        110,
      );
      const both = await readReport(db, { ...sunday, from: '2020-03-28', to: '2020-03-30' });
      assert.deepEqual(
        both.points.map(({ at, sent }) => [at, sent]),
        [
          ['2020-03-28T00:00', 1],
          ['2020-03-29T00:00', 110],
          ['2020-03-30T00:00', 1_000],
        ],
      );
    }),
  );

  test(
    'where a zone is off the full hour, an hour belongs to the day in which it begins',
    inTransaction(async (db) => {
      // Midnight in Kolkata is 18:30 UTC.
      await hours(db, '2020-04-01T00:00Z', [
        { at: '2020-03-28T18:00Z', sent: 1 },
        { at: '2020-03-28T19:00Z', sent: 10 },
        { at: '2020-03-29T18:00Z', sent: 100 },
        { at: '2020-03-29T19:00Z', sent: 1_000 },
      ]);
      const report = await readReport(db, { from: '2020-03-29', to: '2020-03-31', timezone: 'Asia/Kolkata' });
      assert.deepEqual(
        report.points.map(({ sent }) => sent),
        [110, 1_000, 0],
      );
    }),
  );

  test(
    'one that is not over is compared with as many hours of the days before',
    inTransaction(async (db) => {
      await hours(db, '2020-03-29T12:00Z', [
        { at: '2020-03-28T11:00Z', sent: 10 },
        { at: '2020-03-28T12:00Z', sent: 100 },
        { at: '2020-03-29T11:00Z', sent: 7 },
      ]);
      const report = await readReport(db, { from: '2020-03-29', to: '2020-03-29', timezone: 'UTC' });
      assert.equal(report.isWhole, false);
      assert.equal(report.points.length, 12);
      assert.deepEqual([report.now?.sent, report.before?.sent], [7, 10]);
    }),
  );

  test(
    'none of which is closed',
    inTransaction(async (db) => {
      await hours(db, '2020-03-28T12:00Z', []);
      const report = await readReport(db, { from: '2020-03-29', to: '2020-03-29', timezone: 'UTC' });
      assert.deepEqual([report.now, report.points], [null, []]);
      assert.match(findingsOf(report).at(-1)?.text ?? '', /No hour of this period is closed yet/);
    }),
  );

  for (const [period, message] of [
    [{ from: '2020-01-02', to: '2020-01-01', timezone: 'UTC' }, /^to: /],
    [{ from: '2020-01-01', to: '2021-01-02', timezone: 'UTC' }, /^from: a report has 366 days/],
    [{ from: '2120-01-01', to: '2120-01-02', timezone: 'UTC' }, /^from: 2120-01-01 is yet to come/],
    [{ from: '2020-01-01', to: '2020-01-02', timezone: 'Nowhere/City' }, /^timezone: /],
  ] as const)
    test(`${JSON.stringify(period)} is refused, naming the field`, () =>
      assert.rejects(readReport(database.pool, period), { code: 'BADIN', message }));

  test('which day it is, there', async () => {
    assert.match(await today(database.pool, 'Asia/Tokyo'), /^\d{4}-\d\d-\d\d$/);
    await assert.rejects(today(database.pool, 'Nowhere'), { code: 'BADIN', message: /^timezone: / });
  });
});

test(
  'services and Tasks with most come first; what is gone is counted, a test mail is no Task of a report',
  inTransaction(async (db) => {
    const serviceId = await aService(db, { name: 'north' });
    const { taskId } = await aQueuedTask(db);
    const { taskId: testId } = await aQueuedTask(db);
    await db.query('update app_public.tasks set is_test = true where id = $1', [testId]);
    const gone = randomUUID();
    await hours(db, '2020-04-01T00:00Z', [
      { at: '2020-03-29T10:00Z', sent: 5, serviceId, taskId },
      { at: '2020-03-29T11:00Z', sent: 50, serviceId: gone, taskId: gone },
      { at: '2020-03-29T11:00Z', sent: 1, serviceId, taskId: testId },
    ]);
    const { services, tasks, now } = await readReport(db, { from: '2020-03-29', to: '2020-03-29', timezone: 'UTC' });
    assert.equal(now?.sent, 56);
    assert.deepEqual(
      services.most.map((part) => [part.name, part.now.sent]),
      [
        ['deleted', 50],
        ['north', 6],
      ],
    );
    assert.deepEqual(
      tasks.most.map((part) => [part.name, part.now.sent]),
      [
        ['deleted', 50],
        ['a task', 5],
      ],
    );
  }),
);

test(
  'of many Tasks the first twenty are named, and the others counted',
  inTransaction(async (db) => {
    const told = Array.from({ length: 23 }, (_, n) => ({ at: '2020-03-29T10:00Z', sent: n + 1, taskId: randomUUID() }));
    await hours(db, '2020-04-01T00:00Z', told);
    const { tasks } = await readReport(db, { from: '2020-03-29', to: '2020-03-29', timezone: 'UTC' });
    assert.deepEqual([tasks.most.length, tasks.most[0]?.now.sent, tasks.more], [20, 23, 3]);
  }),
);

test(
  'domains: fifteen by name, the others together',
  inTransaction(async (db) => {
    await hours(db, '2020-04-01T00:00Z', []);
    await db.query(
      `insert into app_hidden.hourly_domain_statistics (hour, domain, sent, delivered, soft_bounced, hard_bounced, bounced, complained, failed, uncertain)
       select '2020-03-29T10:00Z', case n when 0 then '' else 'd' || n || '.example' end, case n when 0 then 1000 else n end, 0, 0, 0, 0, 0, 0, 0 from generate_series(0, 20) as n`,
    );
    const { domains } = await readReport(db, { from: '2020-03-29', to: '2020-03-29', timezone: 'UTC' });
    assert.deepEqual([domains.length, domains[0]?.name, domains.at(-1)?.name], [16, 'd20.example', '']);
    assert.equal(domains.at(-1)?.now.sent, 1_000 + 1 + 2 + 3 + 4 + 5);
  }),
);

describe('what leaves its usual band', () => {
  test(
    'is found, at the service where it is, and blamed',
    inTransaction(async (db) => {
      const { today: day } = await aHistory(db);
      const [from, to] = [6, 0].map((ago) => new Date(Date.parse(day) - ago * 86_400_000).toISOString().slice(0, 10));
      const report = await readReport(db, { from: from ?? '', to: to ?? '', timezone: 'UTC' });
      assert.deepEqual(
        report.warnings.map(({ service, what, lastIsOut }) => [service, what, lastIsOut]),
        [
          ['south', 'refusals', true],
          ['south', 'latency', true],
        ],
      );
      assert.match(findingsOf(report)[1]?.text ?? '', /by south .* at mail\.example/);
    }),
  );

  test(
    'where nothing did, nothing is said',
    inTransaction(async (db) => {
      const { today: day } = await aHistory(db, { trouble: false });
      const report = await readReport(db, { from: day, to: day, timezone: 'UTC' });
      assert.deepEqual(report.warnings, []);
    }),
  );

  test(
    'a day of history is no usual band',
    inTransaction(async (db) => {
      const { today: day } = await aHistory(db, { days: 1 });
      assert.deepEqual((await readReport(db, { from: day, to: day, timezone: 'UTC' })).warnings, []);
    }),
  );
});

describe('capacity', () => {
  const set = (db: Queryable, name: string, settings: string) =>
    db.query(`update app_public.email_services set ${settings} where name = $1`, [name]);
  const capacityOf = async (db: Queryable) => {
    const day = await today(db, 'UTC');
    return (await readReport(db, { from: day, to: day, timezone: 'UTC' })).capacity;
  };

  test(
    'of each service, and what decides it',
    inTransaction(async (db) => {
      await aService(db, { name: 'answers', intervalMs: 0, maxInFlight: 10 });
      await aService(db, { name: 'interval', intervalMs: 10_000 });
      await aService(db, { name: 'off', intervalMs: 10_000 });
      await aService(db, { name: 'quota', intervalMs: 1_000, dailyQuota: 500 });
      await aService(db, { name: 'rate', intervalMs: 0, maxInFlight: 100 });
      const warmed = await aService(db, { name: 'warm-up', intervalMs: 1_000, dailyQuota: 500 });
      await set(db, 'off', 'is_enabled = false');
      await set(db, 'rate', 'rate_per_second = 2');
      await set(db, 'answers', 'answer_ms = 1000');
      await db.query(`insert into app_public.email_service_warm_up values ($1, 1, 50), ($1, 3, 100)`, [warmed]);
      await db.query(
        `update app_public.email_services set warm_up_started_on = (app_hidden.current_time() at time zone timezone)::date where name = 'warm-up'`,
      );
      const { services } = await capacityOf(db);
      for (const { name, binds } of services) assert.equal(binds, name);
      assert.deepEqual(Object.fromEntries(services.map(({ name, perDay }) => [name, perDay])), {
        answers: 864_000,
        interval: Math.floor(86_400 / 10.25),
        off: Math.floor(86_400 / 10.25),
        quota: 500,
        rate: 172_800,
        'warm-up': 50,
      });
      assert.equal(services.find(({ name }) => name === 'warm-up')?.warmUpDays, 2);
    }),
  );

  test(
    'what waits, until when, and the change that helps most',
    inTransaction(async (db) => {
      await aService(db, { name: 'slow', intervalMs: 60_000 });
      await aService(db, { name: 'bound', intervalMs: 1_000, dailyQuota: 10 });
      await aQueuedTask(db, { recipients: 2_000 });
      const { waiting, tasks, finishesAt, at, ways } = await capacityOf(db);
      assert.deepEqual([waiting, tasks], [2_000, 1]);
      assert.ok(finishesAt !== null && Date.parse(finishesAt) > Date.parse(at) + 86_400_000);
      assert.deepEqual([ways[0]?.kind, ways[0]?.service], ['quota', 'bound']);
      assert.ok(ways.every(({ savesMs }, index) => savesMs <= (ways[index - 1]?.savesMs ?? Number.POSITIVE_INFINITY)));
    }),
  );

  test(
    'Tasks that no service may send, and those that are booked',
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db);
      const { taskId: booked } = await aDraft(db, { recipients: 3 });
      await db.query(`select app_public.schedule_task($1, now() + interval '1 day')`, [booked]);
      const capacity = await capacityOf(db);
      assert.deepEqual(capacity.blocked, [await one(db, 'select name from app_public.tasks where id = $1', [taskId])]);
      assert.deepEqual(
        capacity.booked.map(({ name, mails }) => [name, mails]),
        [['a task', 3]],
      );
    }),
  );
});
