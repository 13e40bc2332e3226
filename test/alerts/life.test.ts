// Promise: an alert is one alert from its first day to its last, acted on once, told when it changes and never in a storm.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { digest } from '../../src/alerts/digest.ts';
import { actOnAlert } from '../../src/database/alerts/act_on_alert.ts';
import { evaluateRule } from '../../src/database/alerts/evaluate_rule.ts';
import { tellAlerts } from '../../src/database/alerts/tell_alerts.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { aSoundScene } from '../ops/planted.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, aService, clockForward, one } from '../support/scene.ts';
import { alertsOf, anHour, lookAgain, openOf } from './support.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

const disk = (db: Queryable, percent: number) =>
  lookAgain(db, 'disk_low', { freeBytes: percent * 1e9, totalBytes: 100e9 });

suite('opening and resolving', () => {
  test(
    'what swings about its threshold is one alert',
    inTransaction(async (db) => {
      for (let swing = 0; swing < 10; swing++) for (const percent of [9.9, 10.4]) await disk(db, percent);
      assert.equal((await alertsOf(db, 'disk_low')).length, 1);
      assert.equal((await alertsOf(db, 'disk_low'))[0]?.times, 20);
    }),
  );

  test(
    'what is away for a moment is the same alert; away for longer than its quiet minutes it is resolved, and a new one opens',
    inTransaction(async (db) => {
      await disk(db, 5);
      assert.deepEqual(await disk(db, 50), ['warning']);
      assert.deepEqual(await disk(db, 5), ['warning']);
      await disk(db, 50);
      await disk(db, 50);
      assert.deepEqual(await disk(db, 50), []);
      await disk(db, 5);
      assert.equal((await alertsOf(db, 'disk_low')).length, 2);
    }),
  );

  test(
    'what must be so for a while does not alert before, and begins anew when it was not',
    inTransaction(async (db) => {
      await aSoundScene(db);
      const freeze = (reason: string | null) =>
        db.query('update app_public.email_services set freeze_reason = $1', [reason]);
      await freeze('away');
      for (let look = 0; look < 3; look++) assert.deepEqual(await lookAgain(db, 'service_frozen'), []);
      await freeze(null);
      assert.deepEqual(await lookAgain(db, 'service_frozen'), []);
      await freeze('away');
      for (let look = 0; look < 3; look++) assert.deepEqual(await lookAgain(db, 'service_frozen'), []);
      assert.deepEqual(await lookAgain(db, 'service_frozen'), ['warning']);
    }),
  );

  test(
    'a threshold that is changed, and a rule that is switched off, hold from the next look on',
    inTransaction(async (db) => {
      await db.query(
        `update app_public.alert_rules set warning_at = 60, critical_at = null, quiet_minutes = 0 where kind = 'disk_low'`,
      );
      assert.deepEqual(await disk(db, 50), ['warning']);
      await db.query(`update app_public.alert_rules set is_enabled = false where kind = 'disk_low'`);
      assert.deepEqual(await disk(db, 1), []);
    }),
  );

  test(
    'thresholds the wrong way round, and actions of kinds that know no culprit, are refused by name',
    inTransaction(async (db) => {
      for (const [what, constraint] of [
        ['critical_at = 20', 'alert_rules_critical_at_check'],
        [`action = 'freeze_service'`, 'alert_rules_action_check'],
        [`warning_at = 'NaN'`, 'alert_rules_warning_at_check'],
      ]) {
        await db.query('savepoint tried');
        await assert.rejects(db.query(`update app_public.alert_rules set ${what} where kind = 'disk_low'`), {
          constraint,
        });
        await db.query('rollback to savepoint tried');
      }
    }),
  );
});

suite('many workers', () => {
  test('of eight that look at once one does, and what is done is done once', async () => {
    const own = await createTestDatabase();
    try {
      const { pool } = own;
      const scene = await aSoundScene(pool);
      await anHour(pool, { ...scene, sent: 2_000, complained: 10 });
      const found = await Promise.all(Array.from({ length: 8 }, () => evaluateRule(pool, 'complaint_rate')));
      assert.deepEqual(found.toSorted(), [0, 0, 0, 0, 0, 0, 0, 1]);
      const acted = await Promise.all(Array.from({ length: 8 }, () => actOnAlert(pool)));
      assert.equal(acted.filter((id) => id !== null).length, 1);
      assert.equal(
        await one(pool, `select count(*)::integer from app_hidden.repairs where what = 'freeze_service'`),
        1,
      );
      await Promise.all(Array.from({ length: 8 }, () => tellAlerts(pool)));
      assert.equal(await one(pool, 'select count(*)::integer from app_hidden.alert_deliveries'), 1);
      assert.deepEqual(
        (await alertsOf(pool, 'complaint_rate')).map(({ times }) => times),
        [1],
      );
    } finally {
      await own.close();
    }
  });
});

suite('actions', () => {
  test(
    'complaints of 0.3 % freeze the service, say so and how to undo it; who releases it does not have it frozen again',
    inTransaction(async (db) => {
      const scene = await aSoundScene(db);
      await anHour(db, { ...scene, sent: 1_000, complained: 3 });
      await lookAgain(db, 'complaint_rate');
      assert.notEqual(await actOnAlert(db), null);
      const isHeld = () =>
        one<boolean>(db, 'select app_hidden.is_held(s, app_hidden.current_time()) from app_public.email_services s');
      assert.equal(await isHeld(), true);
      assert.match(
        await one(db, 'select freeze_reason from app_public.email_services'),
        /called spam \(0\.3 %\).*releaseService/,
      );
      const [alert] = await alertsOf(db, 'complaint_rate');
      assert.match(
        alert?.actionTaken ?? '',
        new RegExp(`frozen.*releaseService\\(input: {emailServiceId: "${scene.serviceId}"}\\)`),
      );
      const audit = await one<string>(
        db,
        `select why from app_hidden.repairs where what = 'freeze_service' and subject = $1`,
        [scene.serviceId],
      );
      assert.match(audit, /^alert complaint_rate: north: 3 of 1000/);
      await db.query('select app_public.release_service($1)', [scene.serviceId]);
      await lookAgain(db, 'complaint_rate');
      assert.equal(await actOnAlert(db), null);
      assert.equal(await isHeld(), false);
    }),
  );

  test(
    'a frozen service hands nothing over, and an answer to what was under way does not thaw it or hide why',
    inTransaction(async (db) => {
      const { serviceId } = await aSoundScene(db);
      await db.query(`select app_hidden.freeze_service($1, 'by an alert')`, [serviceId]);
      await db.query(
        `update app_public.email_services s
            set freeze_reason = (app_hidden.settle_service(s, jsonb_populate_record(null::app_hidden.tally, '{"accepted": true, "ended": 0, "unsent": 0, "judged": 0, "answers": 0, "handed_over": true, "asked_to_wait": 0}'), app_hidden.current_time())).freeze_reason`,
      );
      assert.equal(await one(db, 'select freeze_reason from app_public.email_services'), 'by an alert');
      assert.ok(
        await one<boolean>(
          db,
          `select app_hidden.next_run_at(s) > now() + interval '50 years' from app_public.email_services s`,
        ),
      );
      await db.query('select app_public.release_service($1)', [serviceId]);
      assert.ok(
        await one<boolean>(
          db,
          `select app_hidden.next_run_at(s) < now() + interval '1 minute' from app_public.email_services s`,
        ),
      );
    }),
  );

  test(
    'hard bounces of 5 % pause the Task that caused them, and no other',
    inTransaction(async (db) => {
      const { taskId, serviceId } = await aSoundScene(db);
      const { taskId: good } = await aQueuedTask(db, { recipients: 1 });
      await anHour(db, { taskId, serviceId, sent: 1_000, hardBounced: 150 });
      await anHour(db, { taskId: good, serviceId, sent: 1_000, hardBounced: 2 });
      await lookAgain(db, 'hard_bounce_rate');
      await actOnAlert(db);
      const statusOf = (id: string) => one<string>(db, 'select status from app_public.tasks where id = $1', [id]);
      assert.deepEqual([await statusOf(taskId), await statusOf(good)], ['paused', 'queued']);
      const [alert] = await alertsOf(db, 'hard_bounce_rate');
      assert.match(alert?.actionTaken ?? '', new RegExp(`^Paused: a task \\(${taskId}\\)\\. .*resumeTask`));
      assert.equal(
        await one(db, `select count(*)::integer from app_hidden.repairs where what = 'pause_task' and subject = $1`, [
          taskId,
        ]),
        1,
      );
    }),
  );

  test(
    'what is over can not be paused: nothing is done, and that is said',
    inTransaction(async (db) => {
      const scene = await aSoundScene(db);
      await db.query('select app_public.cancel_task($1)', [scene.taskId]);
      await anHour(db, { ...scene, sent: 1_000, hardBounced: 150 });
      await lookAgain(db, 'hard_bounce_rate');
      await actOnAlert(db);
      assert.match(
        (await alertsOf(db, 'hard_bounce_rate'))[0]?.actionTaken ?? '',
        /^Nothing: the Tasks that caused it are not under way/,
      );
    }),
  );
});

suite('telling', () => {
  const messages = async (db: Queryable) => {
    const { rows } = await db.query<{ digest: unknown }>(
      'select digest from app_hidden.alert_deliveries order by created_at, id',
    );
    return rows.map((row) => digest.parse(row.digest));
  };
  const words = async (db: Queryable) =>
    (await messages(db)).map(({ notices }) => notices.map(({ what }) => what).join(' '));

  test(
    'opened, again after its interval, worse, resolved; nothing in between',
    inTransaction(async (db) => {
      const tell = async (interval: string) => {
        await clockForward(db, interval);
        return tellAlerts(db);
      };
      await disk(db, 9);
      assert.equal(await tell('1 minute'), 1);
      assert.equal(await tell('3 hours'), 0);
      assert.equal(await tell('1 hour'), 1);
      await disk(db, 2);
      assert.equal(await tell('1 minute'), 1);
      await db.query('select app_public.acknowledge_alert(id) from app_public.alerts');
      assert.equal(await tell('9 hours'), 0, 'somebody has seen it');
      await disk(db, 50);
      await disk(db, 50);
      await disk(db, 50);
      assert.equal(await tell('1 minute'), 1);
      assert.equal(await tell('9 hours'), 0);
      assert.deepEqual(await words(db), ['opened', 'again', 'worse', 'resolved']);
    }),
  );

  test(
    'a storm of 500 alerts is one message of 20 and a line; ten hours of it are no more than the channel wants',
    inTransaction(async (db) => {
      await db.query(`update app_public.alert_channels set most_per_hour = 6`);
      const storm = (count: number) =>
        db.query(
          `select app_private.raise_alert('service_unusable', 'service ' || n || ' ' || gen_random_uuid(), 'critical', 'It can not send.') from generate_series(1, $1::integer) as n`,
          [count],
        );
      await storm(500);
      assert.equal(await tellAlerts(db), 500);
      const [first] = await messages(db);
      assert.equal(first?.notices.length, 20);
      assert.deepEqual(first?.more, { service_unusable: 480 });
      for (let minute = 0; minute < 120; minute++) {
        await clockForward(db, '1 minute');
        await storm(2);
        await tellAlerts(db);
      }
      const perHour = await one<number>(
        db,
        `select max(n)::integer from (select count(*) over (order by created_at range between interval '59 minutes 59 s' preceding and current row) as n from app_hidden.alert_deliveries) as counted`,
      );
      assert.ok(perHour <= 6, `${perHour} messages in an hour`);
      await clockForward(db, '1 hour');
      await tellAlerts(db);
      const untold = await one(
        db,
        `select count(*)::integer from app_public.alerts a where not exists (select from app_hidden.alert_tellings t where t.alert_id = a.id)`,
      );
      assert.equal(untold, 0, 'all were told in the end');
    }),
  );

  test(
    'a channel is told of nothing below its severity, and what it was told of is resolved for it',
    inTransaction(async (db) => {
      await db.query(`update app_public.alert_channels set minimum_severity = 'critical'`);
      await disk(db, 9);
      assert.equal(await tellAlerts(db), 0);
      await disk(db, 2);
      assert.equal(await tellAlerts(db), 1);
    }),
  );

  test(
    'alerts of many services that opened at different times repeat together',
    inTransaction(async (db) => {
      for (let service = 0; service < 3; service++) {
        await aService(db);
        await db.query(`select app_private.raise_alert('service_unusable', $1, 'critical', 'It can not send.')`, [
          `service ${service}`,
        ]);
        await tellAlerts(db);
        await clockForward(db, '20 minutes');
      }
      for (let minute = 0; minute < 60 * 8; minute += 5) {
        await clockForward(db, '5 minutes');
        await tellAlerts(db);
      }
      assert.deepEqual((await words(db)).slice(3), ['again again again', 'again again again']);
      assert.deepEqual(await openOf(db, 'service_unusable'), ['critical', 'critical', 'critical']);
    }),
  );
});
