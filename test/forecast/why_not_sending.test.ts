// Promise: whoever asks why a Task sends nothing is told each reason, the decisive one first, when it ends and what to do; and nothing while it sends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Queryable } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { endLoop } from '../../src/database/queue/end_loop.ts';
import { aCap, aLane, aLoop, aWarmUp, msUntilMidnight, sendAll, stopClock } from '../queue/allowances.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aDraft, aQueuedTask, aService, clockForward, one, type ServiceOptions } from '../support/scene.ts';

interface Hindrance {
  reason: string;
  subject: string;
  email_service_id: string | null;
  sentence: string;
  moves_at: Date | null;
  remedy: string;
  /** Until moves_at, in milliseconds. */
  ms: number | null;
}

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const inTransaction = (work: (db: Queryable) => Promise<void>) => () => withTransaction(database.pool, work);

async function why(db: Queryable, taskId: string): Promise<Hindrance[]> {
  const { rows } = await db.query<Hindrance>(
    'select h.*, app_hidden.ms_until(h.moves_at, app_hidden.current_time()) as ms from app_public.why_not_sending($1) h',
    [taskId],
  );
  for (const { sentence, remedy } of rows) assert.ok(sentence !== '' && remedy !== '');
  return rows;
}

/** Asserts what is in the way, in order, and answers the first of it. */
async function assertWhy(db: Queryable, taskId: string, ...reasons: string[]): Promise<Hindrance> {
  const rows = await why(db, taskId);
  assert.deepEqual(
    rows.map(({ reason }) => reason),
    reasons,
  );
  assert.ok(rows[0] !== undefined);
  return rows[0];
}

async function aWorker(db: Queryable): Promise<void> {
  await db.query('delete from app_hidden.worker_pools');
  await db.query(
    `select app_private.register_pool('pool-' || kind, kind, 'here', 1) from unnest(array['send', 'other']) kind`,
  );
}

/** A Task, a service that may serve it, and a live worker. */
async function aScene(db: Queryable, options: ServiceOptions & { recipients?: number } = {}) {
  await aWorker(db);
  const { taskId, workspaceId } = await aQueuedTask(db, { recipients: options.recipients ?? 3 });
  return { taskId, workspaceId, serviceId: await aService(db, options) };
}

async function sendOne(db: Queryable, serviceId: string, kind: 'accepted' | 'unusable' | 'unknown' = 'accepted') {
  const { claim, loopToken } = await aClaim(db, serviceId);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const answer = { messageId: null, code: null, response: null, roundTripMs: 1, retryAfterMs: null };
  const message = kind === 'unusable' ? 'no balance' : null;
  await completeSends(
    db,
    serviceId,
    claim.claimToken,
    claim.subTaskIds.map((id) => ({ ...answer, id, kind, message })),
  );
  await endLoop(db, serviceId, loopToken, { failed: false, unanswered: null });
}

test(
  'nothing is in the way of a Task that a service is about to serve, or serves',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db);
    assert.deepEqual(await why(db, taskId), []);
    await aClaim(db, serviceId);
    assert.deepEqual(await why(db, taskId), []);
  }),
);

test(
  'draft, and then scheduled for later',
  inTransaction(async (db) => {
    const { taskId } = await aDraft(db);
    await assertWhy(db, taskId, 'draft', 'no_service');
    await aService(db);
    const draft = await assertWhy(db, taskId, 'draft');
    assert.deepEqual([draft.subject, draft.email_service_id, draft.moves_at], ['task', null, null]);
    await db.query(`select app_public.schedule_task($1, app_hidden.current_time() + interval '1 hour')`, [taskId]);
    const { ms } = await assertWhy(db, taskId, 'scheduled');
    assert.ok(ms !== null && ms > 3_590_000 && ms <= 3_600_000);
  }),
);

test(
  'its mails are being rendered, and then could not be',
  inTransaction(async (db) => {
    await aWorker(db);
    const { taskId } = await aDraft(db, { recipients: 25 });
    await aService(db);
    await db.query('select app_public.schedule_task($1)', [taskId]);
    await db.query('select app_private.start_generation($1, 10)', [taskId]);
    assert.match((await assertWhy(db, taskId, 'generating')).sentence, /3 batches/);
    await db.query(`select app_private.fail_generation($1, 'rendering', 'there is no {{ contact.nmae }}')`, [taskId]);
    assert.match((await assertWhy(db, taskId, 'failed')).sentence, /nmae/);
  }),
);

test(
  'paused',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db);
    await db.query('select app_public.pause_task($1)', [taskId]);
    assert.equal((await assertWhy(db, taskId, 'paused')).remedy, 'Resume it.');
    await db.query('select app_public.set_email_service_enabled($1, false)', [serviceId]);
    await assertWhy(db, taskId, 'paused', 'disabled');
  }),
);

test(
  'cancelled',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db);
    await db.query(`update app_public.tasks set status = 'cancelled', cancelled_at = now() where id = $1`, [taskId]);
    await assertWhy(db, taskId, 'cancelled');
  }),
);

test(
  'every mail is settled, and then complete',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { recipients: 1 });
    await sendOne(db, serviceId);
    await assertWhy(db, taskId, 'finishing');
    await db.query('select app_private.complete_tasks()');
    await assertWhy(db, taskId, 'completed');
  }),
);

test(
  'no service may serve its workspace',
  inTransaction(async (db) => {
    const { taskId, serviceId, workspaceId } = await aScene(db, { isShared: false });
    const none = await assertWhy(db, taskId, 'no_service');
    assert.deepEqual([none.subject, none.email_service_id], ['service', null]);
    await db.query('insert into app_public.email_service_grants values ($1, $2)', [serviceId, workspaceId]);
    await db.query('select app_private.wake_service($1)', [serviceId]);
    assert.deepEqual(await why(db, taskId), []);
  }),
);

test(
  'a Task that is bound to one service waits for that one, whatever others could send, and whom it serves first',
  inTransaction(async (db) => {
    const { taskId, workspaceId, serviceId: other } = await aScene(db);
    const bound = await aService(db, { isShared: false });
    await db.query('update app_public.tasks set email_service_id = $2 where id = $1', [taskId, bound]);
    assert.equal((await assertWhy(db, taskId, 'no_service')).email_service_id, bound);
    await db.query('insert into app_public.email_service_grants values ($1, $2)', [bound, workspaceId]);
    await db.query('select app_public.set_email_service_enabled($1, false)', [bound]);
    assert.equal((await assertWhy(db, taskId, 'disabled')).email_service_id, bound);
    await db.query('select app_public.set_email_service_enabled($1, true)', [bound]);
    const { taskId: first } = await aQueuedTask(db, { workspaceId, priority: 1 });
    await db.query('update app_public.tasks set email_service_id = $2 where id = $1', [first, other]);
    await db.query('select app_private.wake_service($1)', [bound]);
    assert.deepEqual(await why(db, taskId), []);
    await db.query('update app_public.tasks set email_service_id = $2 where id = $1', [first, bound]);
    assert.equal((await assertWhy(db, taskId, 'behind_others')).email_service_id, bound);
  }),
);

test(
  'its only service is switched off, which is no reason while another serves',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db);
    await db.query('select app_public.set_email_service_enabled($1, false)', [serviceId]);
    assert.equal((await assertWhy(db, taskId, 'disabled')).email_service_id, serviceId);
    await aService(db);
    assert.deepEqual(await why(db, taskId), []);
  }),
);

test(
  'a service that waits out its interval: the pace is all there is, and it comes before one that is off',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { intervalMs: 10_000 });
    await sendOne(db, serviceId);
    const { ms, email_service_id } = await assertWhy(db, taskId, 'pace');
    assert.ok(ms !== null && ms > 9_000 && ms <= 10_000);
    const off = await aService(db);
    await db.query('select app_public.set_email_service_enabled($1, false)', [off]);
    await assertWhy(db, taskId, 'pace', 'disabled');
    assert.equal(email_service_id, serviceId);
  }),
);

test(
  'a service that can not be used is frozen, with what its provider said',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { intervalMs: 0 });
    await sendOne(db, serviceId, 'unusable');
    const { sentence, ms } = await assertWhy(db, taskId, 'frozen');
    assert.match(sentence, /no balance/);
    assert.ok(ms !== null && ms > 9_000 && ms <= 10_000);
  }),
);

test(
  'a service that was frozen for ever says so without a time',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db);
    await db.query(`update app_public.email_services set frozen_until = 'infinity' where id = $1`, [serviceId]);
    assert.equal((await assertWhy(db, taskId, 'frozen')).moves_at, null);
  }),
);

test(
  'the quota is used up until midnight of its zone, and the interval is no reason beside it',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { dailyQuota: 1, timezone: 'Asia/Shanghai' });
    await sendOne(db, serviceId);
    const { moves_at, remedy } = await assertWhy(db, taskId, 'exhausted');
    const midnight = await one<Date>(
      db,
      `select app_hidden.quota_renews_at(s, app_hidden.current_time()) from app_public.email_services s where id = $1`,
      [serviceId],
    );
    assert.deepEqual(moves_at, midnight);
    assert.match(remedy, /Asia\/Shanghai/);
  }),
);

test(
  'a service that warms up names the cap of the day, not its quota',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { intervalMs: 0, dailyQuota: 500 });
    await aWarmUp(db, serviceId, { 1: 1, 2: 2 });
    await sendOne(db, serviceId);
    const { sentence, remedy } = await assertWhy(db, taskId, 'exhausted');
    assert.match(sentence, /as it may today: 1\./);
    assert.match(remedy, /warm-up/);
  }),
);

test(
  'all that waits is in lanes which the service has filled, until midnight of its zone',
  inTransaction(async (db) => {
    await stopClock(db);
    await aWorker(db);
    await aLane(db, 'big', 'big.example');
    await aLane(db, 'large', 'large.example');
    const domains = ['big.example', 'large.example', 'small.example'];
    const { taskId } = await aQueuedTask(db, { recipients: 9, domains });
    const serviceId = await aService(db, { name: 'north', intervalMs: 0, timezone: 'Asia/Shanghai' });
    await aCap(db, serviceId, 'big', 1);
    await aCap(db, serviceId, 'large', 1);
    await db.query('select app_private.wake_service($1)', [serviceId]);
    assert.deepEqual(await why(db, taskId), []);
    assert.equal(await sendAll(db, serviceId, await aLoop(db, serviceId)), 5);
    const told = await assertWhy(db, taskId, 'domain_cap');
    assert.equal(told.email_service_id, serviceId);
    assert.match(told.sentence, /^north .* big, large,/);
    assert.match(told.remedy, /Asia\/Shanghai/);
    assert.equal(told.ms, await msUntilMidnight(db, serviceId));
    await aService(db);
    assert.deepEqual(await why(db, taskId), []);
  }),
);

test(
  'the nameless lane is told in words',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { intervalMs: 0 });
    await aCap(db, serviceId, '', 0);
    assert.match((await assertWhy(db, taskId, 'domain_cap')).sentence, /domains in no lane/);
  }),
);

test(
  'a service that waits for its rate: that is its pace',
  inTransaction(async (db) => {
    await stopClock(db);
    const { taskId, serviceId } = await aScene(db, { intervalMs: 0 });
    await db.query('update app_public.email_services set rate_per_second = 0.5 where id = $1', [serviceId]);
    await sendOne(db, serviceId);
    const { sentence, ms } = await assertWhy(db, taskId, 'pace');
    assert.match(sentence, /0\.5 mails a second/);
    assert.equal(ms, 1_950);
  }),
);

test(
  'the service is full with mails of another Task until their lease ends',
  inTransaction(async (db) => {
    await aWorker(db);
    await aQueuedTask(db, { priority: 1, recipients: 1 });
    const serviceId = await aService(db);
    await aClaim(db, serviceId);
    const { taskId } = await aQueuedTask(db);
    const { ms } = await assertWhy(db, taskId, 'full');
    assert.ok(ms !== null && ms > 29_000 && ms <= 30_000);
  }),
);

test(
  'Tasks of higher priority go first, those of the same do not',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db);
    await aQueuedTask(db);
    assert.deepEqual(await why(db, taskId), []);
    await aQueuedTask(db, { priority: 1 });
    await aQueuedTask(db, { priority: 2 });
    assert.match((await assertWhy(db, taskId, 'behind_others')).sentence, /2 other Tasks/);
  }),
);

test(
  'nobody was told to send, and nobody is there who could be',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db);
    await db.query('select graphile_worker.remove_job($1)', [`send:${serviceId}`]);
    assert.match((await assertWhy(db, taskId, 'idle')).remedy, /sweep/);
    await aService(db);
    await clockForward(db, '1 minute');
    assert.equal((await assertWhy(db, taskId, 'no_worker')).email_service_id, null);
  }),
);

test(
  'all remaining mails wait for another try',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db);
    // A scene of retries to come; what moves a row there is tested elsewhere.
    await db.query(
      `update app_public.sub_tasks st
          set available_at = app_hidden.current_time() + (st.position - first.position + 1) * interval '1 hour'
         from (select min(position) as position from app_public.sub_tasks where task_id = $1) as first
        where st.task_id = $1`,
      [taskId],
    );
    const { ms, subject } = await assertWhy(db, taskId, 'retrying');
    assert.ok(ms !== null && ms > 3_590_000 && ms <= 3_600_000);
    assert.equal(subject, 'recipients');
  }),
);

test(
  'only uncertain mails are left, until their grace is over',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { recipients: 1 });
    await sendOne(db, serviceId, 'unknown');
    const { ms } = await assertWhy(db, taskId, 'uncertain');
    assert.ok(ms !== null && Math.abs(ms - 72 * 3_600_000) < 10_000);
  }),
);

test(
  'all addresses are suppressed, before their rows are cancelled and after',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { recipients: 1 });
    await db.query(
      `insert into app_public.suppressions
       select t.workspace_id, m.recipient_email, 'manual'
         from app_public.sub_task_mails m join app_public.tasks t on t.id = m.task_id where t.id = $1`,
      [taskId],
    );
    await assertWhy(db, taskId, 'suppressed');
    await assert.rejects(aClaim(db, serviceId), /more/);
    await assertWhy(db, taskId, 'suppressed');
    await db.query('select app_private.complete_tasks()');
    await assertWhy(db, taskId, 'completed', 'suppressed');
  }),
);

test(
  'nobody matched',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db, { recipients: 0 });
    await assertWhy(db, taskId, 'no_recipients');
  }),
);

test(
  'a client may ask, a worker may not, and a Task that does not exist is refused',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db);
    const ask = (id: string) =>
      db.query(
        `select * from app_public.why_not_sending($1), app_public.forecast_task($1), app_public.forecast_task_services($1)`,
        [id],
      );
    await db.query('set local role postilion_admin');
    await ask(taskId);
    await db.query('savepoint asked');
    await assert.rejects(ask('00000000-0000-0000-0000-000000000000'), { code: 'NTFND' });
    await db.query('rollback to asked');
    await db.query('set local role postilion_worker');
    await assert.rejects(ask(taskId), { code: '42501' });
  }),
);

test(
  'the answer reads a few rows, however many wait',
  inTransaction(async (db) => {
    const { taskId, serviceId } = await aScene(db, { recipients: 10_000 });
    await aQueuedTask(db, { recipients: 10_000, priority: 1 });
    await db.query('analyze app_public.sub_tasks, app_public.tasks');
    await sendOne(db, serviceId);
    const read = () =>
      one<string>(
        db,
        `select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
           from pg_stat_xact_user_tables where relid = 'app_public.sub_tasks'::regclass`,
      ).then(Number);
    const earlier = await read();
    await assertWhy(db, taskId, 'behind_others');
    await db.query('select app_public.forecast_task($1)', [taskId]);
    const rows = (await read()) - earlier;
    assert.ok(rows <= 200, `${rows} rows were read`);
  }),
);

test(
  'all sending was stopped',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db);
    await db.query('select app_public.stop_sending()');
    await assertWhy(db, taskId, 'stopped');
    await db.query('select app_public.start_sending()');
    assert.deepEqual(await why(db, taskId), []);
  }),
);

test(
  'its sending window is closed, and opens',
  inTransaction(async (db) => {
    const { taskId } = await aScene(db);
    await db.query(
      `update app_public.tasks
          set window_days = '{1,2,3,4,5,6,7}', window_timezone = 'UTC',
              window_start = (app_hidden.current_time() at time zone 'UTC' + interval '1 hour')::time,
              window_end = (app_hidden.current_time() at time zone 'UTC' + interval '2 hours')::time
        where id = $1`,
      [taskId],
    );
    const { ms } = await assertWhy(db, taskId, 'outside_window');
    assert.ok(ms !== null && ms > 0 && ms <= 3_600_000);
  }),
);
