// Promise: what an operator asks costs as much with a hundred thousand mails as with a few: it reads what is wrong, counters, and bounded lists.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readDiagnosis } from '../../src/database/ops/diagnosis.ts';
import { readHistory } from '../../src/database/ops/history.ts';
import { readHealth } from '../../src/database/ops/read_health.ts';
import type { Queryable } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase, withTransaction } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';

/** More than a look at the consistency counts. */
const waiting = 210_000;
const mails = 100_000;
/** A look at the ledger's end reads a block range or two, of some 7,000 rows each. */
const few = 20_000;
const bigTables = ['sub_tasks', 'sub_task_mails', 'sub_task_changes', 'event_logs%', 'mail_events%', 'contacts'];

let database: TestDatabase;
let subTaskId: string;
let taskId: string;

before(async () => {
  database = await createTestDatabase();
  const { pool: db } = database;
  const serviceId = await aService(db, { name: 'north', intervalMs: 0, maxInFlight: 1_000 });
  ({ taskId } = await aQueuedTask(db, { recipients: 10 }));
  await db.query(
    `with mails as (
       insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
       select id, $1::uuid, 'reader' || n || '@example.com', id::text, '', '', ''
         from (select gen_random_uuid() as id, n from generate_series(1, $2::integer) as n) as given
       returning sub_task_id
     )
     insert into app_public.sub_tasks (id, task_id, status) select sub_task_id, $1::uuid, 'pending' from mails`,
    [taskId, waiting],
  );
  await db.query(
    `insert into app_hidden.sub_task_changes (sub_task_id, task_id, changed_at, from_status, to_status, service_id, actor)
     select gen_random_uuid(), $1, now() - interval '10 days' + n * interval '1 s', 'sending', 'sent', $2, 'a test' from generate_series(1, $3::integer) as n`,
    [taskId, serviceId, mails],
  );
  await db.query(
    `insert into app_public.event_logs (received_at, provider, path, headers, body, processed_at, event_count, email_service_id)
     select now() - n * interval '100 ms', 'engagelab', '/hook', '{}', '{}', now(), 1, $2 from generate_series(1, $1::integer) as n`,
    [mails, serviceId],
  );
  await db.query(
    `insert into app_public.mail_events (received_at, event_log_id, key, kind, occurred_at, sub_task_id, task_id)
     select received_at, id, gen_random_uuid(), 'delivered', now(), gen_random_uuid(), $1 from app_public.event_logs`,
    [taskId],
  );
  const { claim } = await aClaim(db, serviceId, 20);
  subTaskId = claim.subTaskIds[0] ?? '';
  await db.query('select app_private.fold_counters()');
  await db.query(`select brin_summarize_new_values('app_hidden.sub_task_changes_by_time')`);
  await db.query(
    'vacuum analyze app_public.sub_tasks, app_public.sub_task_mails, app_hidden.sub_task_changes, app_public.event_logs, app_public.mail_events',
  );
});
after(() => database.close());

/** Rows of the tables that grow which a step reads, by any way; as the server counts them in this transaction. */
async function rowsRead(db: Queryable, step: () => Promise<unknown>): Promise<number> {
  const read = () =>
    one<string>(
      db,
      `select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_xact_user_tables where relname like any ($1)`,
      [bigTables],
    ).then(Number);
  const earlier = await read();
  await step();
  return (await read()) - earlier;
}

const steps: Record<string, (db: Queryable) => Promise<unknown>> = {
  health: readHealth,
  'the plan of all repairs': (db) => db.query('select * from ops.read_plan()'),
  'all alert rules': (db) => db.query('select app_private.evaluate_rule(kind) from app_public.alert_rules'),
  'a history': (db) => readHistory(db, subTaskId),
  'a history by address': (db) => readHistory(db, 'reader77@example.com'),
};
for (const view of 'queue_overview service_status task_status stuck_sub_tasks unresolved_events webhook_silence consistency throughput_by_minute changes'.split(
  ' ',
))
  steps[view] = (db) => db.query(`select * from ops.${view}`);

for (const [name, step] of Object.entries(steps))
  test(name, () =>
    withTransaction(database.pool, async (db) => {
      const rows = await rowsRead(db, () => step(db));
      assert.ok(rows <= few, `${name} read ${rows} rows`);
    }),
  );

// Its statistics are counted, that is what it is asked for: once as the Task's, once by service.
test('a diagnosis reads the rows of its Task twice', () =>
  withTransaction(database.pool, async (db) => {
    const rows = await rowsRead(db, () => readDiagnosis(db, taskId));
    assert.ok(rows <= 2 * waiting + few, `it read ${rows} rows`);
  }));
