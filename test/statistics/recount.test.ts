// Promise: a drift of a Task's statistics is found, named counter by counter, mended once, and entered in the audit trail, while sending goes on.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { childEnvironment } from '../../src/config.ts';
import { checkSome } from '../../src/cron/check_statistics.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { projectDir } from '../../src/database/server.ts';
import { recountTask } from '../../src/database/statistics/recount_task.ts';
import { takeTasksToCheck } from '../../src/database/statistics/take_tasks_to_check.ts';
import { createLogger } from '../../src/log.ts';
import { workerEnvironment } from '../support/campaign.ts';
import { createTestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, driftOf, one, statusOf } from '../support/scene.ts';

const planted = [
  { serviceId: null, counter: 'ever_opened', kept: 7, counted: 0 },
  { serviceId: null, counter: 'pending', kept: 1, counted: 3 },
];

/** Makes the counters of a Task of three waiting mails wrong, behind the back of whoever keeps them. */
async function plant(db: Queryable, taskId: string): Promise<void> {
  await db.query('select app_private.fold_counters()');
  await db.query('update app_hidden.task_counters set pending = pending - 2, ever_opened = 7 where task_id = $1', [
    taskId,
  ]);
}

const mend = (db: Queryable, taskId: string) => recountTask(db, taskId, { dryRun: false, why: 'a test' });
const look = (db: Queryable, taskId: string) => recountTask(db, taskId, { dryRun: true, why: 'a test' });
const ofService = (db: Queryable, taskId: string, serviceId: string) =>
  one<object>(
    db,
    `select jsonb_build_object('opened', opened, 'answers', answers) from app_hidden.task_service_numbers
      where task_id = $1 and service_id = $2`,
    [taskId, serviceId],
  );
const repairs = async (db: Queryable) =>
  (await db.query('select what, subject, why, how_many::integer, actor = session_user as mine from app_hidden.repairs'))
    .rows;

suite('recount', async () => {
  const database = await createTestDatabase();
  after(() => database.close());
  const { pool } = database;
  const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(pool, work);

  test(
    'a dry run says what it is and changes nothing',
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 3 });
      assert.deepEqual(await look(db, taskId), []);
      await plant(db, taskId);
      assert.deepEqual(await look(db, taskId), planted);
      assert.equal(await driftOf(db, taskId), 9);
      assert.deepEqual(await repairs(db), []);
    }),
  );

  test(
    'it is mended, entered, and gone; also once the counters are folded',
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 3 });
      await plant(db, taskId);
      assert.deepEqual(await mend(db, taskId), planted);
      assert.equal(await driftOf(db, taskId), 0);
      await db.query('select app_private.fold_counters()');
      assert.deepEqual(await look(db, taskId), []);
      assert.deepEqual(await mend(db, taskId), []);
      assert.deepEqual(await repairs(db), [
        { what: 'recount_task', subject: taskId, why: 'a test', how_many: 9, mine: true },
      ]);
    }),
  );

  test(
    'every counter there is can be mended',
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 3 });
      await db.query('select app_private.fold_counters()');
      const names = await one<string[]>(
        db,
        `select array_agg(attname::text order by attname) from pg_attribute
          where attrelid = 'app_hidden.task_counters'::regclass and attnum > 0 and attname <> 'task_id'`,
      );
      const wrong = names.map((name, i) => `${name} = ${name} + ${i + 1}`).join(', ');
      await db.query(`update app_hidden.task_counters set ${wrong} where task_id = $1`, [taskId]);
      assert.deepEqual(
        (await mend(db, taskId)).map(({ counter }) => counter),
        names,
      );
      assert.equal(await driftOf(db, taskId), 0);
    }),
  );

  test(
    'every counter of a service can be mended, and those of its Task stay as they are',
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 3 });
      const serviceId = await aService(db, { intervalMs: 0 });
      await aClaim(db, serviceId, 2);
      const names = await one<string[]>(
        db,
        `select array_agg(attname::text order by attname) from pg_attribute
          where attrelid = 'app_hidden.task_service_counters'::regclass and attnum > 2`,
      );
      const wrong = names.map((_, i) => i + 2).join(', ');
      await db.query(
        `insert into app_hidden.task_service_counters (task_id, service_id, ${names}) values ($1, $2, ${wrong})`,
        [taskId, serviceId],
      );
      const drift = names.map((counter, i) => ({ serviceId, counter, kept: i + 2, counted: 0 }));
      assert.deepEqual(await look(db, taskId), drift);
      assert.deepEqual(await mend(db, taskId), drift);
      assert.equal(await driftOf(db, taskId), 0);
      while ((await one<number>(db, 'select app_private.fold_counters()')) > 0);
      assert.deepEqual(await look(db, taskId), []);
    }),
  );

  test(
    'what was heard of a mail goes along when it changes hands',
    inTransaction(async (db) => {
      const { taskId } = await aQueuedTask(db, { recipients: 1 });
      const serviceId = await aService(db, { intervalMs: 0 });
      const { claim, loopToken } = await aClaim(db, serviceId);
      await db.query(
        'update app_public.sub_tasks set opened_at = app_hidden.current_time(), round_trip_ms = 7.5 where task_id = $1',
        [taskId],
      );
      assert.deepEqual(await ofService(db, taskId, serviceId), { opened: 1, answers: 1 });
      await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
      assert.equal(await statusOf(db, claim.subTaskIds[0] ?? ''), 'pending');
      assert.deepEqual(await ofService(db, taskId, serviceId), { opened: 0, answers: 0 });
      const other = await aService(db, { intervalMs: 0 });
      await aClaim(db, other);
      assert.deepEqual(await ofService(db, taskId, other), { opened: 1, answers: 1 });
      assert.equal(await driftOf(db, taskId), 0);
    }),
  );

  test('two who mend at once mend it once; statements under way are not counted and not lost', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 3 });
    await plant(pool, taskId);
    const serviceId = await aService(pool, { intervalMs: 0 });
    const sending = await pool.connect();
    const mending = await pool.connect();
    try {
      await sending.query('begin');
      await aClaim(sending, serviceId, 2);
      await mending.query('begin');
      assert.deepEqual(await mend(mending, taskId), planted);
      const second = mend(pool, taskId);
      await mending.query('commit');
      assert.deepEqual(await second, []);
      await sending.query('commit');
      await pool.query('select app_private.fold_counters()');
      assert.equal(await driftOf(pool, taskId), 0);
      assert.equal(
        await one(pool, `select (app_public.tasks_states(t)).allocated from app_public.tasks t where id = $1`, [
          taskId,
        ]),
        2,
      );
    } finally {
      await sending.query('rollback').finally(() => sending.release());
      await mending.query('rollback').finally(() => mending.release());
      await pool.query('delete from app_public.tasks');
    }
  });

  test(
    'a Task that does not exist is named',
    inTransaction(async (db) => {
      await assert.rejects(look(db, '00000000-0000-0000-0000-000000000000'), { code: 'NTFND' });
    }),
  );

  test(
    'Tasks are checked in turn, few at a time and by their size',
    inTransaction(async (db) => {
      const ids: string[] = [];
      for (const recipients of [3, 3, 1]) ids.push((await aQueuedTask(db, { recipients })).taskId);
      ids.sort();
      // As where so many changed since that none of these is among the last.
      await db.query(
        `create or replace function app_hidden.tasks_to_count(p_mails bigint) returns setof uuid language sql stable as 'select null::uuid where false'`,
      );
      assert.deepEqual(await takeTasksToCheck(db, 2, 100), ids.slice(0, 2));
      assert.deepEqual(await takeTasksToCheck(db, 2, 100), ids.slice(2));
      assert.deepEqual(await takeTasksToCheck(db, 2, 100), []);
      for (const id of ids) assert.deepEqual(await takeTasksToCheck(db, 3, 1), [id]);
    }),
  );

  test(
    'those that changed last are checked each time, whatever the turn has come to',
    inTransaction(async (db) => {
      const ids: string[] = [];
      for (const recipients of [3, 3, 1]) ids.push((await aQueuedTask(db, { recipients })).taskId);
      for (const _ of Array(4)) assert.deepEqual(await takeTasksToCheck(db, 1, 1), ids.toSorted());
    }),
  );

  test('the crontab finds a drift, mends it, and says so as an error', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 3 });
    await plant(pool, taskId);
    const told: unknown[] = [];
    const log = createLogger({ LOG_LEVEL: 'silent' });
    log.error = (context: unknown) => void told.push(context);
    await checkSome({ db: pool, log, stopping: new AbortController().signal });
    assert.deepEqual(told, [{ taskId, drift: planted }]);
    assert.equal(await driftOf(pool, taskId), 0);
    await pool.query('delete from app_public.tasks');
  });

  test('at the terminal: a dry run exits with 1, --yes mends', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 3 });
    await plant(pool, taskId);
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(projectDir, 'src/cli.ts'), 'recount', ...args], {
        env: { ...childEnvironment({ ...workerEnvironment, DATABASE_URL: database.url }) },
      }).then(
        ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
        ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
      );
    const dry = await run('--json');
    assert.equal(dry.code, 1);
    assert.deepEqual(JSON.parse(dry.stdout), { checked: 1, drifted: [{ taskId, drift: planted }], mended: false });
    assert.match(
      (await run(taskId)).stdout,
      /pending: kept 1, counted 3\n1 Tasks compared with their rows, 1 drifted: nothing was changed/,
    );
    assert.deepEqual(JSON.parse((await run(taskId, '--yes', '--json')).stdout).mended, true);
    assert.equal((await run()).code, 0);
    const nobody = await run('00000000-0000-0000-0000-000000000000');
    assert.equal(nobody.code, 1);
    assert.match(nobody.stderr, /there is no task/);
    assert.match((await run('nonsense')).stderr, /expected the id of a Task/);
  });
});
