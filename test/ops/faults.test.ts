// Promise: each fault is found, explained, mended by its repair and entered into the audit trail; a dry run changes nothing; what
// was not agreed to is not done.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readDiagnosis } from '../../src/database/ops/diagnosis.ts';
import { mend } from '../../src/database/ops/mend.ts';
import { readHealth } from '../../src/database/ops/read_health.ts';
import { readPlan } from '../../src/database/ops/read_plan.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aQueuedTask, one } from '../support/scene.ts';
import { aSoundScene, everything, faults, liveWorkers } from './planted.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

function inTransaction(work: (db: Queryable) => Promise<void>): () => Promise<void> {
  return () => withTransaction(database.pool, work);
}

async function stateOf(db: Queryable, check: string): Promise<string | undefined> {
  return (await readHealth(db)).find(({ name }) => name === check)?.state;
}

function carriedOut(db: Queryable, what: string, hash: string): Promise<number> {
  return mend(db, { what, hash, task: null, why: 'a test' });
}

async function hashOf(db: Queryable, what: string): Promise<string> {
  const [step] = await readPlan(db, what, null);
  assert.ok(step, `there is no plan of ${what}`);
  return step.hash;
}

test(
  'a sound installation has nothing to repair, and health is fine',
  inTransaction(async (db) => {
    await liveWorkers(db);
    await aSoundScene(db);
    assert.deepEqual(await readPlan(db, 'all', null), []);
    const lines = await readHealth(db);
    assert.deepEqual(
      lines.filter(({ state }) => state !== 'ok'),
      [],
    );
    assert.deepEqual(
      lines.filter(({ says, remedy }) => remedy !== '' || /…|\b1 \w+s\b/.test(says)),
      [],
    );
  }),
);

for (const [name, fault] of Object.entries(faults)) {
  describe(name, () => {
    test(
      'is found, explained, mended, audited, and gone',
      inTransaction(async (db) => {
        await liveWorkers(db);
        const { taskId } = await aSoundScene(db);
        await fault.plant(db);

        const line = (await readHealth(db)).find(({ name: check }) => check === fault.check);
        assert.equal(line?.state, fault.state);
        assert.match(line?.remedy ?? '', /postilion repair/);
        const plan = await readPlan(db, 'all', null);
        assert.ok(plan.some(({ what }) => what === fault.what));
        if (fault.what !== 'partitions') {
          const { faults: told } = await readDiagnosis(db, taskId);
          assert.ok(
            told.some(({ what }) => what === fault.what),
            JSON.stringify(told),
          );
        }

        const howMany = await carriedOut(db, fault.what, await hashOf(db, fault.what));
        assert.ok(howMany > 0);
        assert.ok(await fault.isMended(db));
        assert.deepEqual(await readPlan(db, fault.what, null), []);
        const { rows } = await db.query(
          'select what, why, how_many > 0 as some, actor = session_user as mine from app_hidden.repairs',
        );
        assert.deepEqual(rows, [{ what: fault.verb, why: 'a test', some: true, mine: true }]);
      }),
    );

    test(
      'a dry run changes nothing; neither does a diagnosis, nor a look at the health',
      inTransaction(async (db) => {
        const { taskId } = await aSoundScene(db);
        await fault.plant(db);
        const earlier = await everything(db);
        await db.query('select * from ops.repair()');
        await db.query('select * from ops.repair($1)', [fault.what]);
        await db.query('select * from ops.diagnose_task($1)', [taskId]);
        await readHealth(db);
        assert.deepEqual(await everything(db), earlier);
      }),
    );

    test(
      'is mended once: the second of two who agreed to one plan is refused, and nothing is changed',
      inTransaction(async (db) => {
        await aSoundScene(db);
        await fault.plant(db);
        const hash = await hashOf(db, fault.what);
        await carriedOut(db, fault.what, hash);
        const earlier = await everything(db);
        await db.query('savepoint before');
        await assert.rejects(carriedOut(db, fault.what, hash), { code: 'TRANS' });
        await db.query('rollback to before');
        assert.deepEqual(await everything(db), earlier);
      }),
    );
  });
}

test(
  'a plan that has grown meanwhile is refused',
  inTransaction(async (db) => {
    await aSoundScene(db);
    await db.query('update app_hidden.task_counters set pending = pending - 2');
    const hash = await hashOf(db, 'counters');
    await db.query('update app_hidden.task_counters set pending = pending - 1');
    await assert.rejects(carriedOut(db, 'counters', hash), {
      code: 'TRANS',
      message: /plan of counters is another by now/,
    });
  }),
);

test(
  'statistics of one Task, by its name',
  inTransaction(async (db) => {
    const { taskId } = await aSoundScene(db);
    await aQueuedTask(db, { recipients: 1 });
    await db.query('select app_private.fold_counters()');
    await db.query(`update app_public.tasks set name = 'spring' where id = $1`, [taskId]);
    await db.query('update app_hidden.task_counters set pending = pending - 1');
    const plan = await readPlan(db, 'counters', 'spring');
    assert.deepEqual(
      plan.map(({ what, subject, howMany }) => ({ what, subject, howMany })),
      [{ what: 'counters', subject: taskId, howMany: 1 }],
    );
    assert.equal(await mend(db, { what: 'counters', hash: plan[0]?.hash ?? '', task: 'spring', why: 'a test' }), 1);
    assert.deepEqual(await readPlan(db, 'counters', 'spring'), []);
    assert.equal((await readPlan(db, 'counters', null)).length, 1);
  }),
);

test(
  'in psql: the dry run ends with the statement that does it',
  inTransaction(async (db) => {
    await aSoundScene(db);
    await db.query('update app_public.email_services set in_flight = 1');
    const { rows } = await db.query<{ what: string; says: string }>(`select * from ops.repair('slots')`);
    const statement = rows.find(({ what }) => what.includes('do it'))?.says ?? '';
    assert.match(statement, /^select \* from ops\.repair\('slots', '[0-9a-f]{12}', false\);$/);
    assert.deepEqual((await db.query(statement)).rows, [{ what: 'slots', says: 'done; it met 1' }]);
    assert.deepEqual((await db.query('select * from ops.repair()')).rows, [
      { what: 'nothing', says: 'There is nothing to repair.' },
    ]);
  }),
);

for (const [why, call, code] of [
  ['all at once', `ops.repair('all', 'x', false)`, 'BADIN'],
  ['without a hash', `ops.repair('slots', null, false)`, 'BADIN'],
  ['what there is not', `ops.repair('everything')`, 'BADIN'],
  ['another kind for one Task', `ops.mend('slots', 'x', 'spring')`, 'BADIN'],
  ['a Task that there is not', `ops.read_plan('counters', 'spring')`, 'NTFND'],
  ['a hash of nothing', `ops.mend('slots', 'x')`, 'TRANS'],
] as const) {
  test(
    `refused: ${why}`,
    inTransaction(async (db) => {
      await assert.rejects(db.query(`select * from ${call}`), { code });
    }),
  );
}

test(
  'without a worker that is needed health is critical, with one kind of two as well',
  inTransaction(async (db) => {
    assert.equal(await stateOf(db, 'workers'), 'warning');
    await aSoundScene(db);
    assert.equal(await stateOf(db, 'workers'), 'critical');
    await liveWorkers(db);
    assert.equal(await stateOf(db, 'workers'), 'ok');
    await db.query(`delete from app_hidden.worker_pools where kind = 'other'`);
    assert.equal(await stateOf(db, 'workers'), 'critical');
  }),
);

test(
  'a frozen service is a warning while another sends, and critical when it is the last',
  inTransaction(async (db) => {
    await aSoundScene(db);
    const freeze = `update app_public.email_services set frozen_until = now() + interval '1 hour', freeze_reason = 'authentication failed'`;
    await db.query(
      `insert into app_public.email_services select (jsonb_populate_record(s, jsonb_build_object('id', gen_random_uuid(), 'name', 'south'))).* from app_public.email_services s`,
    );
    await db.query(`${freeze} where name = 'north'`);
    assert.equal(await stateOf(db, 'frozen'), 'warning');
    await db.query(freeze);
    assert.equal(await stateOf(db, 'frozen'), 'critical');
  }),
);

test(
  'success under 95 % is a warning, under 80 % critical, of too few mails nothing',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aSoundScene(db);
    const told = async (sent: number, failed: number) => {
      await db.query('delete from app_public.hourly_statistics');
      await db.query(
        `insert into app_public.hourly_statistics (hour, task_id, service_id, lane, sent, failed)
         select rolled_until - interval '2 hours', $1, $2, '', $3, $4 from app_hidden.roll_up_progress`,
        [taskId, serviceId, sent, failed],
      );
      return stateOf(db, 'success');
    };
    assert.equal(await told(96, 4), 'ok');
    assert.equal(await told(90, 10), 'warning');
    assert.equal(await told(70, 30), 'critical');
    assert.equal(await told(9, 1), 'ok');
  }),
);

test(
  'silence: an hour of sending after the last word is a warning; a word ends it',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aSoundScene(db);
    assert.equal(await stateOf(db, 'webhooks'), 'ok');
    await db.query(
      `insert into app_public.hourly_statistics (hour, task_id, service_id, lane, sent)
       select rolled_until - interval '2 hours', $1, $2, '', 50 from app_hidden.roll_up_progress`,
      [taskId, serviceId],
    );
    assert.equal(await stateOf(db, 'webhooks'), 'warning');
    const { rows } = await db.query<{ service: string; sent: string }>('select service, sent from ops.webhook_silence');
    assert.deepEqual(rows, [{ service: 'north', sent: '50' }]);
    const logged = await one<string>(
      db,
      `insert into app_public.event_logs (provider, path, email_service_id, headers, body) values ('engagelab', '/hook', $1, '{}', '{}') returning id`,
      [serviceId],
    );
    await db.query(
      `select app_private.finish_events(array[$1::bigint], array(select received_at from app_public.event_logs where id = $1), array[1])`,
      [logged],
    );
    assert.equal(await stateOf(db, 'webhooks'), 'ok');
    await db.query(`update app_hidden.last_heard set heard_at = heard_at - interval '5 hours'`);
    assert.equal(await stateOf(db, 'webhooks'), 'warning');
  }),
);
