// Promise: what monitoring shows of the database is so, costs as much with many mails as with few, and is nobody's but the worker's.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Registry } from 'prom-client';
import { noteCronFinish } from '../../src/database/metrics/note_cron_finish.ts';
import { type GaugeReading, readGauges } from '../../src/database/metrics/read_gauges.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { reapLeases } from '../../src/database/queue/reap_leases.ts';
import { longestInterval } from '../../src/metrics/cron_gauge.ts';
import { definitions, QueueGauges } from '../../src/metrics/queue_gauges.ts';
import { RollGauges } from '../../src/metrics/roll_gauges.ts';
import { crontabFor } from '../../src/worker/task_list.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, clockForward, one } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

/** `name` or `name{label}`, as far as it is not 0. */
async function shown(db: Queryable): Promise<Record<string, number>> {
  const readings = await readGauges(db);
  return Object.fromEntries(
    readings
      .filter(({ value }) => value !== 0)
      .map(({ name, label, value }) => [label === null ? name : `${name}{${label}}`, value]),
  );
}

describe('the state of the queue', () => {
  test(
    'an empty installation has nothing to show but the hours of its reports',
    inTransaction(async (db) => {
      assert.deepEqual(Object.keys(await shown(db)), ['roll_up_lag_seconds']);
    }),
  );

  test(
    'mails by state, services, quota, leases, doubt',
    inTransaction(async (db) => {
      await aQueuedTask(db, { recipients: 5 });
      const serviceId = await aService(db, { name: 'north', dailyQuota: 100 });
      const { claim } = await aClaim(db, serviceId, 1);
      await beginSends(db, claim.claimToken, claim.subTaskIds);
      assert.partialDeepStrictEqual(await shown(db), {
        'queue_mails{pending}': 4,
        'queue_mails{sending}': 1,
        'tasks{queued}': 1,
        'services{enabled}': 1,
        'service_quota_left_mails{north}': 99,
      });
      await clockForward(db, '1 hour');
      assert.equal((await shown(db))['leases_overdue'], 1);
      await reapLeases(db);
      assert.equal((await shown(db))['uncertain_mails{new}'], 1);
      await clockForward(db, '2 hours');
      const later = await shown(db);
      assert.equal(later['uncertain_mails{old}'], 1);
      assert.ok((later['oldest_due_seconds'] ?? 0) > 2 * 3_600);
    }),
  );

  test(
    'a frozen service, an alert, a parked webhook, a mended drift, a handler that finished',
    inTransaction(async (db) => {
      await aService(db, { name: 'north' });
      await db.query(
        `update app_public.email_services set freeze_reason = 'no balance', frozen_until = app_hidden.current_time() + interval '1 hour'`,
      );
      await db.query(`select app_private.raise_alert('a_rule', 'a subject', 'critical', 'Look.')`);
      await db.query(
        `insert into app_public.event_logs (provider, path, headers, body, processed_at, error) values ('engagelab', '', '{}', '', now(), 'unreadable')`,
      );
      await db.query(
        `insert into app_public.event_logs (provider, path, headers, body) values ('engagelab', '', '{}', '')`,
      );
      await db.query(`select app_hidden.record_repair('recount_task', null, 'tried', 2, '{}')`);
      await noteCronFinish(db, 'reap');
      const state = await shown(db);
      assert.partialDeepStrictEqual(state, {
        'service_frozen{north}': 1,
        'services{frozen}': 1,
        'alerts_open{critical}': 1,
        'inbox_webhooks{parked}': 1,
        'inbox_webhooks{waiting}': 1,
        statistics_drifts: 1,
        'repairs{recount_task}': 1,
      });
      const now = await one<string>(db, 'select extract(epoch from app_hidden.current_time())');
      assert.ok(Math.abs(Number(now) - (state['cron_last_finish_timestamp_seconds{reap}'] ?? 0)) < 60);
    }),
  );

  test(
    'all that is read is shown, with its label',
    inTransaction(async (db) => {
      for (const { name, label } of await readGauges(db))
        assert.equal(definitions[name]?.label !== undefined, label !== null, name);
    }),
  );

  test(
    'it reads as many rows with 2,000 mails as with 200',
    inTransaction(async (db) => {
      await aService(db, { intervalMs: 0 });
      await aQueuedTask(db, { recipients: 200 });
      const few = await rowsRead(db);
      await aQueuedTask(db, { recipients: 1_800 });
      assert.ok((await rowsRead(db)) <= few + 20);
    }),
  );

  test('it is the worker’s, and of tables it has none', async () => {
    for (const [role, may] of Object.entries({ postilion_worker: true, postilion_admin: false, postilion_user: false }))
      assert.equal(
        await one(database.pool, `select has_function_privilege($1, 'app_private.read_gauges()', 'execute')`, [role]),
        may,
        role,
      );
    assert.equal(
      await one(database.pool, `select has_table_privilege('postilion_worker', 'app_hidden.cron_finishes', 'select')`),
      false,
    );
  });
});

async function rowsRead(db: Queryable): Promise<number> {
  const read = () =>
    one<string>(
      db,
      `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables where relname like 'sub_task%'`,
    ).then(Number);
  const earlier = await read();
  await readGauges(db);
  return (await read()) - earlier;
}

describe('what is shown of it', () => {
  const reading = { name: 'oldest_due_seconds', label: null, value: 7 };
  const text = async (registry: Registry, name: string) =>
    (await registry.getSingleMetricAsString(name)).split('\n').filter((line) => !line.startsWith('#'));

  test('a database that is away is 0, and what was read of it is no longer claimed', async () => {
    const registry = new Registry();
    let answers: () => Promise<GaugeReading[]> = async () => [reading];
    const gauges = new QueueGauges(registry, () => answers(), 0);
    await gauges.refresh();
    assert.deepEqual(await text(registry, 'postilion_oldest_due_seconds'), ['postilion_oldest_due_seconds 7']);
    answers = () => Promise.reject(new Error('away'));
    await gauges.refresh();
    assert.deepEqual(await text(registry, 'postilion_oldest_due_seconds'), []);
    assert.deepEqual(await text(registry, 'postilion_database_up'), ['postilion_database_up 0']);
  });

  test('who runs is shown as long as somebody calls the roll', async (t) => {
    const registry = new Registry();
    const roll = new RollGauges(registry);
    await roll.refresh();
    assert.deepEqual(await text(registry, 'postilion_services_running'), []);
    const now = performance.now();
    const clock = t.mock.method(performance, 'now', () => now);
    roll.called([
      { name: 'north', isRunning: true },
      { name: 'south', isRunning: false },
    ]);
    await roll.refresh();
    assert.deepEqual(await text(registry, 'postilion_services_with_work'), ['postilion_services_with_work 2']);
    assert.deepEqual(await text(registry, 'postilion_service_running'), [
      'postilion_service_running{service="north"} 1',
      'postilion_service_running{service="south"} 0',
    ]);
    clock.mock.mockImplementation(() => now + 60_000);
    await roll.refresh();
    assert.deepEqual(await text(registry, 'postilion_services_with_work'), []);
    assert.deepEqual(await text(registry, 'postilion_service_running'), []);
  });

  test('however many ask, it is read once in some seconds', async () => {
    let times = 0;
    const gauges = new QueueGauges(new Registry(), async () => {
      times += 1;
      return [];
    });
    await Promise.all([gauges.refresh(), gauges.refresh()]);
    await gauges.refresh();
    assert.equal(times, 1);
  });

  test('how far apart the runs of a handler are', () => {
    const intervals = crontabFor('other').map((item) => [item.task, longestInterval(item)]);
    assert.partialDeepStrictEqual(Object.fromEntries(intervals), { reap: 60, roll_up: 600, retention: 86_400 });
  });
});
