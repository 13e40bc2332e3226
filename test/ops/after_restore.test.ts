// Promise: a copy of a database sends nothing before a person has said so, and then not what may have been sent since.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { afterRestore } from '../../src/database/restore/after_restore.ts';
import { type Recorded, settleRestored } from '../../src/database/restore/settle_restored.ts';
import { stayHome } from '../../src/database/restore/stay_home.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aDraft, aGeneratingTask, aQueuedTask, aService, driftOf, one, statusOf } from '../support/scene.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const since = new Date(Date.now() - 3_600_000);

/** As after pg_restore: the mark that came along is another database's. */
async function copied(db: Queryable): Promise<void> {
  assert.equal(await stayHome(db), true);
  await db.query(`update app_hidden.home set mark = 'another'`);
}

const running = (db: Queryable) =>
  one<number>(db, 'select count(*)::integer from app_public.email_services where not is_stopped');
const statusOfTask = (db: Queryable, id: string) =>
  one<string>(db, 'select status::text from app_public.tasks where id = $1', [id]);

test('the first database is home, and stays it', () =>
  withTransaction(database.pool, async (db) => {
    await aService(db);
    assert.equal(await stayHome(db), true);
    assert.equal(await stayHome(db), true);
    assert.equal(await running(db), 1);
  }));

test('in a copy a worker stops all sending, and nobody starts it before after_restore', () =>
  withTransaction(database.pool, async (db) => {
    await aService(db);
    await copied(db);
    assert.equal(await stayHome(db), false);
    assert.equal(await running(db), 0);
    await db.query('savepoint refused');
    await assert.rejects(db.query('select app_public.start_sending()'), { code: 'TRANS', message: /after-restore/ });
    await db.query('rollback to refused');
    await afterRestore(db, since);
    assert.equal(await running(db), 0);
    assert.equal(await one(db, 'select app_public.start_sending()'), 1);
    assert.equal(await stayHome(db), true);
    assert.equal(await running(db), 1);
  }));

test('what may have been sent is held, from whatever state', () =>
  withTransaction(database.pool, async (db) => {
    const queued = await aQueuedTask(db);
    const generating = await aGeneratingTask(db);
    const { taskId: due } = await aDraft(db);
    await db.query('select app_public.schedule_task($1)', [due]);
    await copied(db);
    const held = new Map((await afterRestore(db, since)).map((task) => [task.taskId, `${task.was} ${task.is}`]));
    assert.equal(held.get(queued.taskId), 'queued paused');
    assert.equal(held.get(generating.taskId), 'generating failed');
    assert.equal(held.get(due), 'scheduled draft');
    const detail = await one(db, `select detail from app_hidden.repairs where what = 'after_restore' and how_many = 3`);
    assert.deepEqual(Object.keys(Object(detail)), ['since']);
  }));

test('where nothing was sent since, nothing is held; a moment to come is refused', () =>
  withTransaction(database.pool, async (db) => {
    const { taskId } = await aQueuedTask(db);
    await copied(db);
    await afterRestore(db, null);
    assert.equal(await statusOfTask(db, taskId), 'queued');
    await assert.rejects(afterRestore(db, new Date(Date.now() + 3_600_000)), { code: 'BADIN', message: /since:/ });
  }));

test('a waiting mail that is in the provider’s record was sent; one that the record does not tell apart waits', () =>
  withTransaction(database.pool, async (db) => {
    const serviceId = await aService(db);
    const { taskId } = await aQueuedTask(db, { recipients: 3 });
    await afterRestore(db, since);
    const { rows } = await db.query<{ id: string; recipient: string }>(
      `select m.sub_task_id as id, m.recipient_email as recipient from app_public.sub_task_mails m
         join app_public.sub_tasks s on s.id = m.sub_task_id where s.task_id = $1 order by 2`,
      [taskId],
    );
    const recorded = (recipient = '', messageId = ''): Recorded => ({
      serviceId,
      recipient,
      messageId,
      takenAt: new Date(since.getTime() + 60_000),
    });
    const [first, second, third] = rows;
    const early = { ...recorded(third?.recipient, 'of before'), takenAt: new Date(since.getTime() - 600_000) };
    const records = [
      recorded(first?.recipient, 'a'),
      recorded(first?.recipient, 'a'),
      recorded('else@example.com', 'b'),
      early,
    ];
    assert.equal(await settleRestored(db, since, records), 1);
    assert.equal(await settleRestored(db, since, records), 0);
    assert.equal(await statusOf(db, first?.id ?? ''), 'sent');
    assert.equal(await statusOf(db, second?.id ?? ''), 'pending');
    assert.equal(await statusOf(db, third?.id ?? ''), 'pending');
    assert.equal(await driftOf(db, taskId), 0);
    assert.equal(await one(db, 'select in_flight from app_public.email_services where id = $1', [serviceId]), 0);
  }));
