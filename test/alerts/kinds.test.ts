// Promise: each kind of alert is raised by the situation it is about, at its threshold and not before, says what to do, and resolves when it is over.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { watchedKinds } from '../../src/database/alerts/watched_kinds.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { aSoundScene, type Scene } from '../ops/planted.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, clockForward, one } from '../support/scene.ts';
import { alertsOf, anHour, forgetJobs, lookAgain, openOf } from './support.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

interface Situation {
  /** Puts the world into it. */
  plant(db: Queryable, scene: Scene): Promise<unknown>;
  /** Takes it away again. */
  mend(db: Queryable, scene: Scene): Promise<unknown>;
  severity: string;
  says: RegExp;
}

const rates = (bad: Partial<Parameters<typeof anHour>[1]>, severity: string, says: RegExp): Situation => ({
  plant: (db, scene) => anHour(db, { ...scene, sent: 2_000, ...bad }),
  mend: (db, scene) => anHour(db, { ...scene, sent: 2_000 }),
  severity,
  says,
});

const repairs = (what: string, count: number) => (db: Queryable) =>
  db.query(
    `insert into app_hidden.repairs (at, what, subject, why, how_many)
     select app_hidden.current_time(), $1, '00000000-0000-4000-8000-000000000001', 'found by the sweep', 1 from generate_series(1, $2::integer)`,
    [what, count],
  );
const noRepairs = (db: Queryable) => db.query('delete from app_hidden.repairs');

const situations: Record<string, Record<string, Situation>> = {
  stuck_mails: {
    'three minutes behind its lease': stuck('3 minutes', 'warning'),
    'twenty minutes behind its lease': stuck('20 minutes', 'critical'),
  },
  service_down: {
    'work, and no job': {
      plant: forgetJobs,
      mend: (db, { serviceId }) => db.query('select app_private.wake_service($1)', [serviceId]),
      severity: 'critical',
      says: /^north has work, and nothing runs it\.$/,
    },
    'a job that nobody takes': {
      plant: (db) => db.query(`update graphile_worker._private_jobs set run_at = now() - interval '2 minutes'`),
      mend: (db, { serviceId }) => db.query('select app_private.wake_service($1)', [serviceId]),
      severity: 'critical',
      says: /^north has work/,
    },
  },
  service_frozen: {
    'the account has no money': {
      plant: (db) =>
        db.query(
          `update app_public.email_services set frozen_until = now() + interval '5 hours', freeze_reason = 'account out of balance'`,
        ),
      mend: (db, { serviceId }) => db.query('select app_public.release_service($1)', [serviceId]),
      severity: 'warning',
      says: /^north can not send: account out of balance$/,
    },
  },
  success_rate: {
    'six in a hundred fail': rates({ sent: 1_880, failed: 120 }, 'warning', /of 2000 mails in 24 h, 94 % were taken/),
    'a quarter bounces': rates({ bounced: 500 }, 'critical', /75 %/),
  },
  hard_bounce_rate: {
    'three in a hundred': rates(
      { hardBounced: 60 },
      'warning',
      /^north: 60 of 2000 mails in 24 h came back for good \(3 %\)\.$/,
    ),
    'one in twenty': rates({ hardBounced: 100 }, 'critical', /\(5 %\)/),
  },
  complaint_rate: {
    'one in a thousand': rates(
      { complained: 2 },
      'warning',
      /^north: 2 of 2000 mails in 24 h were called spam \(0\.1 %\)\.$/,
    ),
    'three in a thousand': rates({ complained: 6 }, 'critical', /\(0\.3 %\)/),
  },
  webhook_silence: {
    'sent for hours, never heard of': {
      plant: (db, scene) => anHour(db, { ...scene, sent: 50 }),
      mend: (db) =>
        db.query(
          `insert into app_hidden.last_heard select id, now() + interval '1 hour' from app_public.email_services`,
        ),
      severity: 'warning',
      says: /^north sent 50 mails in 24 h, and was not heard of for/,
    },
  },
  backlog_late: {
    'nothing may send it any more': {
      plant: (db, { serviceId }) => db.query('select app_public.set_email_service_enabled($1, false)', [serviceId]),
      mend: cancel,
      severity: 'critical',
      says: /3 mails wait, and there is no end to be foreseen \(nothing may send\)/,
    },
    'its service is frozen for some hours': {
      plant: (db) =>
        db.query(
          `update app_public.email_services set frozen_until = now() + interval '8 hours', freeze_reason = 'over the limit'`,
        ),
      mend: cancel,
      severity: 'warning',
      says: /3 mails wait, and the last goes 20/,
    },
  },
  quota_low: {
    'a service has little left and more waits': {
      plant: (db) =>
        db.query(
          `update app_public.email_services set daily_quota = 100, used_quota = 98, quota_day = (app_hidden.current_time() at time zone timezone)::date`,
        ),
      mend: (db) => clockForward(db, '1 day').then(() => db.query('select')),
      severity: 'warning',
      says: /^north may send 2 of 100 mails more today, and 3 wait\.$/,
    },
    'a workspace has little left': {
      plant: (db) =>
        db.query(
          `with w as (update app_public.workspaces set monthly_quota = 100 where id = (select workspace_id from app_public.tasks) returning id)
           insert into app_hidden.workspace_usage (workspace_id, month, reserved) select id, app_hidden.quota_month(app_hidden.current_time()), 95 from w
               on conflict (workspace_id, month) do update set reserved = 95`,
        ),
      mend: (db) => db.query('update app_public.workspaces set monthly_quota = 1000'),
      severity: 'warning',
      says: /^The workspace Test has 5 of its 100 mails of this month left\.$/,
    },
  },
  statistics_drift: {
    'a drift was mended': {
      plant: repairs('recount_task', 1),
      mend: noRepairs,
      severity: 'warning',
      says: /^Statistics differed from the rows: 1 time in 24 h\./,
    },
  },
  parked_events: {
    'a webhook was given up': {
      plant: (db) =>
        db.query(
          `insert into app_public.event_logs (received_at, provider, path, headers, body, processed_at, attempts, error)
           values (now(), 'engagelab', '/hook', '{}', 'x', now(), 1, 'it is no JSON')`,
        ),
      mend: (db) => db.query('delete from app_public.event_logs'),
      severity: 'warning',
      says: /^Given up in 24 h, since they could not be applied: 1 webhook\. The last: it is no JSON$/,
    },
  },
  repair_recurs: {
    'a worker dies again and again': {
      plant: repairs('release_pool', 3),
      mend: noRepairs,
      severity: 'warning',
      says: /^release_pool mended the same 3 times in 1 h\. Last: found by the sweep$/,
    },
  },
};

/** What waited, waited: sending again makes nobody less late. */
function cancel(db: Queryable, { taskId }: Scene): Promise<unknown> {
  return db.query('select app_public.cancel_task($1)', [taskId]);
}

function stuck(late: string, severity: string): Situation {
  return {
    async plant(db, { serviceId }) {
      await aClaim(db, serviceId, 2);
      await db.query(
        `update app_public.sub_tasks set lease_expires_at = app_hidden.current_time() - $1::interval where phase = 'under_way'`,
        [late],
      );
    },
    mend: (db) => db.query('select app_private.reap_leases()'),
    severity,
    says: /^2 mails with a worker that is late/,
  };
}

/** By then whatever has to be so for a while has been. */
const looks = 4;
const longEnough = '2 hours';

for (const [rule, each] of Object.entries(situations))
  suite(rule, () => {
    for (const [name, { plant, mend, severity, says }] of Object.entries(each))
      test(name, () =>
        withTransaction(database.pool, async (db) => {
          const scene = await aSoundScene(db);
          assert.deepEqual(await lookAgain(db, rule), [], 'nothing is wrong yet');
          await keepAwake(db, scene);
          await plant(db, scene);
          let open: string[] = [];
          for (let look = 0; look < looks && open.length === 0; look++) open = await lookAgain(db, rule);
          assert.deepEqual(open, [severity]);
          const [alert] = await alertsOf(db, rule);
          assert.match(alert?.message ?? '', says);
          assert.ok(await one<boolean>(db, 'select bool_and(length(remedy) > 20) from app_public.alerts'));
          await mend(db, scene);
          await lookAgain(db, rule);
          await clockForward(db, longEnough);
          if (rule === 'service_down') await db.query('select app_private.wake_service($1)', [scene.serviceId]);
          assert.deepEqual(await lookAgain(db, rule), []);
          assert.equal((await alertsOf(db, rule)).length, 1, 'it was one alert');
        }),
      );
  });

/** A job of now is late for a clock that was moved. */
async function keepAwake(db: Queryable, { serviceId }: Scene): Promise<void> {
  await db.query('select app_private.wake_service($1)', [serviceId]);
}

suite('disk_low', () => {
  const rule = 'disk_low';
  test('as the worker found the disk', () =>
    withTransaction(database.pool, async (db) => {
      assert.deepEqual(await lookAgain(db, rule, { freeBytes: 10e9, totalBytes: 100e9 }), []);
      assert.deepEqual(await lookAgain(db, rule, { freeBytes: 9.9e9, totalBytes: 100e9 }), ['warning']);
      assert.deepEqual(await lookAgain(db, rule, { freeBytes: 2.9e9, totalBytes: 100e9 }), ['critical']);
      assert.deepEqual(await lookAgain(db, rule, { freeBytes: 3.1e9, totalBytes: 100e9 }), ['critical'], 'slack');
      assert.deepEqual(await lookAgain(db, rule, { freeBytes: 10.5e9, totalBytes: 100e9 }), ['warning'], 'slack');
      await lookAgain(db, rule, { freeBytes: 50e9, totalBytes: 100e9 });
      await clockForward(db, '5 minutes');
      assert.deepEqual(await lookAgain(db, rule, { freeBytes: 50e9, totalBytes: 100e9 }), []);
    }));

  test('of what the database may take; unknown, nothing is said', () =>
    withTransaction(database.pool, async (db) => {
      assert.deepEqual(await lookAgain(db, rule, {}), []);
      assert.deepEqual(await lookAgain(db, rule, { mostBytes: 1e15 }), []);
      assert.deepEqual(await lookAgain(db, rule, { mostBytes: 1_000 }), ['critical']);
    }));
});

test('of too few mails nothing is concluded', () =>
  withTransaction(database.pool, async (db) => {
    const scene = await aSoundScene(db);
    await anHour(db, { ...scene, sent: 999, hardBounced: 500, complained: 500 });
    for (const rule of ['hard_bounce_rate', 'complaint_rate']) assert.deepEqual(await lookAgain(db, rule), []);
    await anHour(db, { ...scene, sent: 99, bounced: 99 });
    assert.deepEqual(await lookAgain(db, 'success_rate'), []);
  }));

test('what is not closed yet counts: minutes, and events that speak against a mail', () =>
  withTransaction(database.pool, async (db) => {
    const { serviceId, taskId } = await aSoundScene(db);
    await aClaim(db, serviceId, 3);
    await db.query(
      `insert into app_hidden.minute_counters (minute, task_id, service_id, sent) values (date_trunc('minute', now()), $1, $2, 1000)`,
      [taskId, serviceId],
    );
    await db.query(
      `insert into app_public.mail_events (received_at, event_log_id, key, sub_task_id, task_id, kind, occurred_at)
       select now(), 1, gen_random_uuid(), id, task_id, 'complaint', now() from app_public.sub_tasks, generate_series(1, 2)`,
    );
    assert.deepEqual(await lookAgain(db, 'complaint_rate'), ['critical']);
    const [alert] = await alertsOf(db, 'complaint_rate');
    assert.match(alert?.message ?? '', /: 3 of 1000 mails/, 'a mail counts once');
  }));

test('a Task is late by what was foreseen when it began, or by its window', () =>
  withTransaction(database.pool, async (db) => {
    await aSoundScene(db);
    await lookAgain(db, 'backlog_late');
    const first = await one<Date>(db, 'select until from app_hidden.task_plans');
    await lookAgain(db, 'backlog_late');
    assert.deepEqual(await one<Date>(db, 'select until from app_hidden.task_plans'), first, 'it is noted once');
    await db.query('delete from app_hidden.task_plans');
    await db.query(
      `update app_public.tasks set window_days = '{1,2,3,4,5,6,7}', window_start = '00:00', window_end = '23:59', window_timezone = 'UTC'`,
    );
    await lookAgain(db, 'backlog_late');
    assert.match(
      await one(db, `select to_char(until at time zone 'UTC', 'HH24:MI') from app_hidden.task_plans`),
      /23:59/,
    );
    assert.deepEqual(await openOf(db, 'backlog_late'), []);
  }));

test('every kind that is watched is tried here, and described', async () => {
  const { readFile } = await import('node:fs/promises');
  const told = await readFile(new URL('../../docs/alerts.md', import.meta.url), 'utf8');
  const tried = new Set([...Object.keys(situations), 'disk_low', 'service_unusable']);
  for (const kind of await watchedKinds(database.pool)) {
    assert.ok(tried.has(kind), `${kind} is not tried`);
    assert.match(told, new RegExp(`^### ${kind}$`, 'm'), `docs/alerts.md does not tell of ${kind}`);
  }
});
