// Promise: what was kept long enough goes without holding anything up, and no total changes with it.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import type pg from 'pg';
import { type RetentionContext, retain } from '../../src/cron/retention.ts';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import { failGeneration } from '../../src/database/generation/fail_generation.ts';
import { startGeneration } from '../../src/database/generation/start_generation.ts';
import { createPool } from '../../src/database/pool.ts';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { completeTasks } from '../../src/database/queue/complete_tasks.ts';
import { isBusy } from '../../src/database/retention/busy.ts';
import { dropBodies } from '../../src/database/retention/drop_bodies.ts';
import { dropPartition } from '../../src/database/retention/drop_partition.ts';
import type { Pause } from '../../src/database/retention/patiently.ts';
import { recountTask } from '../../src/database/statistics/recount_task.ts';
import { createLogger } from '../../src/log.ts';
import { linkUrls } from '../../src/server/tracking/link_urls.ts';
import { anEvent, softBounceLimit } from '../queue/model/words.ts';
import { createTestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aClaim, aDraft, aGeneratingTask, aQueuedTask, aService, one } from '../support/scene.ts';

const config = { INBOX_MONTHS: 6, BODY_DAYS: 90, ALERT_DAYS: 30 };
const link = 'https://example.com/read';

function contextOf(db: pg.Pool): RetentionContext {
  return { db, config, log: createLogger({ LOG_LEVEL: 'silent' }), stopping: new AbortController().signal };
}

/** A completed Task, all of its mails sent, delivered, opened and clicked. */
async function aFinishedTask(db: pg.Pool, recipients: number): Promise<string> {
  const { taskId } = await aQueuedTask(db, { recipients });
  await db.query('update app_public.sub_task_mails set link_urls = $2 where task_id = $1', [taskId, [link]]);
  const serviceId = await aService(db, { intervalMs: 0, maxInFlight: 100 });
  const { claim } = await aClaim(db, serviceId, recipients);
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  const rest = { message: null, response: null, retryAfterMs: null, code: null, roundTripMs: 20, messageId: null };
  const results = claim.subTaskIds.map((id) => ({ ...rest, id, kind: 'accepted' as const }));
  await completeSends(db, serviceId, claim.claimToken, results);
  const events = claim.subTaskIds.flatMap((id) =>
    (['delivered', 'open', 'click'] as const).map((kind) => eventOf(id, kind)),
  );
  await applyEvents(db, events, softBounceLimit);
  await completeTasks(db);
  return taskId;
}

const eventOf = (subTaskId: string, kind: 'delivered' | 'open' | 'click') =>
  anEvent(subTaskId, kind, { occurred_at: new Date().toISOString() });

const nobodyWaits: Pause = () => assert.fail('it had to wait');

const partitions = async (db: pg.Pool) =>
  (
    await db.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits
        where inhparent in ('app_public.event_logs'::regclass, 'app_public.mail_events'::regclass) order by 1`,
    )
  ).rows.map(({ name }) => name);

const statistics = async (db: pg.Pool, taskId: string) =>
  (
    await db.query(
      `select to_jsonb(app_public.tasks_states(t)) as states, to_jsonb(app_public.tasks_funnel(t)) as funnel,
              (select jsonb_agg(to_jsonb(st) order by st.id) from app_public.sub_tasks st where st.task_id = t.id) as rows
         from app_public.tasks t where id = $1`,
      [taskId],
    )
  ).rows;

suite('retention', async () => {
  const database = await createTestDatabase();
  const url = new URL(database.url);
  url.searchParams.set('options', '-c postilion.clock_offset=8\\ months');
  const later = createPool({ connectionString: url.href, max: 5, applicationName: 'postilion test' });
  after(() => database.close());
  after(() => later.end());
  const { pool } = database;
  const rolledUp = (until: string) =>
    pool.query(`update app_hidden.roll_up_progress set rolled_until = date_trunc('hour', now()) + $1::interval`, [
      until,
    ]);

  test('eight months on, all of it goes, and every total stays', async () => {
    await retain(contextOf(pool), nobodyWaits);
    const recent = await partitions(pool);
    const taskId = await aFinishedTask(pool, 3);
    await pool.query(
      `insert into app_public.event_logs (provider, path, headers, body, processed_at) values ('x', '', '{}', '', now())`,
    );
    const before = await statistics(pool, taskId);
    await retain(contextOf(pool), nobodyWaits);
    assert.deepEqual(await partitions(pool), recent);
    assert.deepEqual(await statistics(pool, taskId), before);

    await rolledUp('8 months');
    await retain(contextOf(later), nobodyWaits);
    const kept = await partitions(pool);
    const gone = recent.filter((name) => !kept.includes(name));
    // Those of the month in which all this happened, and of the next, which ended six months before.
    assert.equal(gone.length, 4);
    assert.ok(kept.some((name) => name.endsWith('event_logs_default')));
    for (const table of ['app_public.event_logs', 'app_public.mail_events', 'app_hidden.event_keys'])
      assert.equal(await one(pool, `select count(*)::integer from ${table}`), 0, table);
    const mails = await pool.query(
      'select distinct rendered_body, rendered_text, rendered_subject, link_urls from app_public.sub_task_mails',
    );
    assert.deepEqual(mails.rows, [
      { rendered_body: '', rendered_text: '', rendered_subject: 'Hello', link_urls: [link] },
    ]);

    assert.deepEqual(await statistics(pool, taskId), before);
    assert.deepEqual(await recountTask(pool, taskId, { dryRun: true, why: 'a test' }), []);
    const trackingId = await one<string>(pool, 'select tracking_id from app_public.sub_task_mails limit 1');
    assert.deepEqual(await linkUrls(pool, [{ trackingId, number: 0 }]), [link]);
    const subTaskId = await one<string>(pool, 'select id from app_public.sub_tasks limit 1');
    await applyEvents(pool, [eventOf(subTaskId, 'click')], softBounceLimit);
    assert.equal(await one(pool, 'select click_count from app_public.sub_tasks where id = $1', [subTaskId]), 2);
    assert.deepEqual(await recountTask(pool, taskId, { dryRun: true, why: 'a test' }), []);
    await assert.rejects(pool.query('select app_public.retry_failed($1)', [taskId]), { code: 'TRANS' });
    await retain(contextOf(later), nobodyWaits);
    await pool.query('truncate app_public.mail_events');
  });

  /** A month of five years ago. */
  async function anOldMonth(table: string): Promise<string> {
    const name = `app_public.${table}_old`;
    const start = new Date(Date.UTC(new Date().getUTCFullYear() - 5, 0, 1));
    const end = new Date(Date.UTC(start.getUTCFullYear(), 1, 1));
    await pool.query(
      `create table ${name} partition of app_public.${table} for values from ('${start.toISOString()}') to ('${end.toISOString()}')`,
    );
    return name;
  }

  test('behind a long report a month is not dropped and nobody waits for it; after the report it is', async () => {
    await rolledUp('0 hours');
    const name = await anOldMonth('mail_events');
    const report = await pool.connect();
    try {
      await report.query('begin');
      await report.query('select count(*) from app_public.mail_events');
      await assert.rejects(dropPartition(pool, name, 6), isBusy);
      assert.equal(await one(pool, 'select count(*)::integer from app_public.mail_events where id < 0'), 0);
      const pauses: number[] = [];
      await retain(contextOf(pool), async (ms) => {
        pauses.push(ms);
        if (pauses.length === 2) await report.query('rollback');
      });
      assert.equal(pauses.length, 2);
      assert.ok(!(await partitions(pool)).includes(name));
    } finally {
      report.release();
    }
  });

  test('by many at once a month is dropped once, and a report that never ends is given up on', async () => {
    const name = await anOldMonth('mail_events');
    await Promise.all(Array.from({ length: 4 }, () => retain(contextOf(pool), async () => {})));
    assert.ok(!(await partitions(pool)).includes(name));
    assert.equal(await dropPartition(pool, name, 6), false);
    assert.equal(await dropPartition(pool, 'app_public.event_logs_default', 6), false);
    assert.equal(await dropPartition(pool, 'app_public.tasks', 6), false);
    const stuck = await anOldMonth('mail_events');
    const report = await pool.connect();
    try {
      await report.query('begin');
      await report.query(`lock table ${stuck} in access share mode`);
      let pauses = 0;
      await retain(contextOf(pool), async () => void pauses++);
      assert.equal(pauses, 9);
      assert.ok((await partitions(pool)).includes(stuck));
    } finally {
      await report.query('rollback').finally(() => report.release());
    }
    await retain(contextOf(pool), nobodyWaits);
  });

  test('a month that two wait to drop is dropped by one; for the other it is gone, which is no fault', async () => {
    const name = await anOldMonth('mail_events');
    // Long enough to be seen waiting.
    await pool.query(`alter function app_private.drop_partition(text, integer) set lock_timeout to '60s'`);
    const report = await pool.connect();
    try {
      await report.query('begin');
      // Of its parent: both have seen it by then, and each drop waits for that first.
      await report.query('lock table only app_public.mail_events in access share mode');
      const both = Promise.all([dropPartition(pool, name, 6), dropPartition(pool, name, 6)]);
      await eventually(
        () =>
          one<number>(
            pool,
            `select count(*)::integer from pg_stat_activity
              where datname = current_database() and wait_event_type = 'Lock' and query like '%drop_partition%'`,
          ),
        (waiting) => waiting === 2,
      );
      await report.query('rollback');
      assert.deepEqual((await both).sort(), [false, true]);
    } finally {
      report.release();
      await pool.query(`alter function app_private.drop_partition(text, integer) set lock_timeout to '200ms'`);
    }
  });

  test('a month whose drop failed keeps the keys of its events, until it goes', async () => {
    const stuck = await anOldMonth('event_logs');
    await pool.query(
      `with body as (
         insert into app_public.event_logs (provider, path, headers, body, received_at, processed_at)
         values ('x', '', '{}', '', make_timestamptz(extract(year from now())::integer - 5, 1, 10, 0, 0, 0, 'UTC'), now()) returning received_at)
       insert into app_hidden.event_keys (key, seen_at, is_resolved)
       select gen_random_uuid(), received_at + days * interval '1 day', true from body, (values (-1), (1), (200)) as seen (days)`,
    );
    const keys = () =>
      one<number>(
        pool,
        `select count(*)::integer from app_hidden.event_keys where seen_at < now() - interval '2 years'`,
      );
    const report = await pool.connect();
    try {
      await report.query('begin');
      await report.query(`lock table ${stuck} in access share mode`);
      await retain(contextOf(pool), async () => {});
      assert.equal(await keys(), 2);
    } finally {
      await report.query('rollback').finally(() => report.release());
    }
    await retain(contextOf(pool), nobodyWaits);
    assert.ok(!(await partitions(pool)).includes(stuck));
    assert.equal(await keys(), 0);
  });

  test('nothing goes that is not applied, or not rolled up', async () => {
    const name = await anOldMonth('event_logs');
    const { rows } = await pool.query<{ id: string }>(
      `insert into app_public.event_logs (provider, path, headers, body, received_at)
       values ('x', '', '{}', '', make_timestamptz(extract(year from now())::integer - 5, 1, 10, 0, 0, 0, 'UTC')) returning id`,
    );
    await retain(contextOf(pool), nobodyWaits);
    assert.ok((await partitions(pool)).includes(name));
    await pool.query('update app_public.event_logs set processed_at = now() where id = $1', [rows[0]?.id]);
    await rolledUp('-10 years');
    await retain(contextOf(pool), nobodyWaits);
    assert.ok((await partitions(pool)).includes(name));
    await rolledUp('0 hours');
    await retain(contextOf(pool), nobodyWaits);
    assert.ok(!(await partitions(pool)).includes(name));
  });

  test('bodies of a Task that failed go too, and then it can not be tried again; one that rendered nothing can', async () => {
    const { taskId } = await aGeneratingTask(pool, { recipients: 3 });
    await failGeneration(pool, taskId, 'template', 'a test');
    const { taskId: empty } = await aDraft(pool);
    await pool.query('select app_public.schedule_task($1)', [empty]);
    await startGeneration(pool, empty, 10);
    await failGeneration(pool, empty, 'template', 'a test');
    assert.equal(await dropBodies(pool, 90, 10), null);
    assert.equal(await dropBodies(later, 90, 10), 3);
    assert.equal(await dropBodies(later, 90, 10), null);
    await assert.rejects(pool.query('select app_public.schedule_task($1)', [taskId]), { code: 'TRANS' });
    await pool.query('select app_public.schedule_task($1)', [empty]);
  });

  test('bodies go in chunks, of ended Tasks alone, and a Task that is being opened again is left alone', async () => {
    const taskId = await aFinishedTask(pool, 5);
    const { taskId: waiting } = await aQueuedTask(pool, { recipients: 1 });
    const full = () =>
      one<number>(
        pool,
        `select count(*)::integer from app_public.sub_task_mails where rendered_body <> '' and task_id = $1`,
        [taskId],
      );
    const opening = await pool.connect();
    try {
      await opening.query('begin');
      await opening.query('select app_public.retry_failed($1)', [taskId]);
      assert.equal(await dropBodies(later, 90, 2), null);
    } finally {
      await opening.query('rollback').finally(() => opening.release());
    }
    assert.equal(await dropBodies(pool, 90, 2), null);
    const left: number[] = [];
    for (let count = await dropBodies(later, 90, 2); count !== null; count = await dropBodies(later, 90, 2))
      left.push(await full());
    assert.deepEqual(left, [3, 1, 0]);
    assert.equal(
      await one(pool, 'select rendered_body from app_public.sub_task_mails where task_id = $1', [waiting]),
      '<p>Hello</p>',
    );
  });
});
