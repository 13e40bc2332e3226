// Promise: whatever an operator asks in psql is readable in a terminal of 80 columns, and what is long is there in full where it matters.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { beginSends } from '../../src/database/queue/begin_sends.ts';
import { completeSends } from '../../src/database/queue/complete_sends.ts';
import { aResult } from '../queue/model/words.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aClaim, aQueuedTask, aService, one } from '../support/scene.ts';
import { faults } from './planted.ts';
import { inPsql } from './psql.ts';

const views = [
  'queue_overview',
  'service_status',
  'task_status',
  'stuck_sub_tasks',
  'unresolved_events',
  'webhook_silence',
  'consistency',
  'throughput_by_minute',
  'changes',
] as const;

let database: TestDatabase;
let taskId: string;
let subTaskId: string;

// Long names, big numbers, and every fault at once.
before(async () => {
  database = await createTestDatabase();
  const { pool: db } = database;
  const serviceId = await aService(db, {
    name: `north ${'of everything '.repeat(3)}`,
    intervalMs: 0,
    dailyQuota: 2_000_000_000,
    maxInFlight: 999,
  });
  await aService(db, { name: 'south', dailyQuota: 10 });
  await aService(db, { name: '东部发信服务（备用）第二线路' });
  ({ taskId } = await aQueuedTask(db, { recipients: 40 }));
  await db.query(`update app_public.tasks set name = $2 where id = $1`, [taskId, `spring ${'and summer '.repeat(15)}`]);
  const { claim } = await aClaim(db, serviceId, 12);
  const [uncertain, refused, ...accepted] = claim.subTaskIds;
  assert.ok(uncertain && refused);
  subTaskId = uncertain;
  await beginSends(db, claim.claimToken, claim.subTaskIds);
  await completeSends(db, serviceId, claim.claimToken, [
    aResult(uncertain, 'unknown', {
      message: 'the connection was reset after the request was written, and nobody can tell what became of it',
    }),
    aResult(refused, 'refused', {
      code: 'invalid_recipient',
      message: 'a message without any space:'.replaceAll(' ', '-').repeat(4),
    }),
    ...accepted.map((id) => aResult(id, 'accepted', { messageId: `${id}@mail.example.com` })),
  ]);
  await db.query(`update app_public.email_services set loop_token = null, loop_expires_at = default`);
  await db.query(`update app_public.sub_tasks set uncertain_at = now() - interval '30 hours' where id = $1`, [
    subTaskId,
  ]);
  const { claim: late } = await aClaim(db, serviceId, 3);
  await db.query(
    `update app_public.sub_tasks set lease_expires_at = now() - interval '47 hours 59 minutes' where id = any ($1)`,
    [late.subTaskIds],
  );
  const { taskId: other } = await aQueuedTask(db, { recipients: 1 });
  await db.query('update app_public.tasks set name = $2 where id = $1', [
    other,
    '二〇二六年春季新品上市通知邮件'.repeat(6),
  ]);
  await db.query('select app_private.fold_counters()');
  for (const name of [
    'a worker that fell silent',
    'a service that counts a mail it has not',
    'a counter that drifted',
    'webhooks recorded and never applied',
    'webhooks that were given up',
    'a missing partition',
  ])
    await faults[name]?.plant(db);
  await db.query(
    `update app_public.email_services set frozen_until = now() + interval '90 days', freeze_reason = $1 where name = 'south'`,
    ['long '.repeat(60)],
  );
  await db.query(
    `insert into app_public.hourly_statistics (hour, task_id, service_id, lane, sent)
     select rolled_until - interval '2 hours', $1, $2, '', 1234567 from app_hidden.roll_up_progress`,
    [taskId, serviceId],
  );
  await db.query(
    `insert into app_public.mail_events (received_at, event_log_id, key, kind, occurred_at)
     select received_at, id, gen_random_uuid(), 'unsubscribe', now() from app_public.event_logs limit 1`,
  );
  await db.query(
    `insert into app_public.mail_events (received_at, event_log_id, key, kind, occurred_at, sub_task_id, task_id, strategy, machine)
     select received_at, id, gen_random_uuid(), 'click', now(), $1, $2, 'custom_args', true from app_public.event_logs limit 1`,
    [subTaskId, taskId],
  );
});
after(() => database.close());

/** Han letters and their signs take two columns. */
function columnsOf(line: string): number {
  return [...line].length + (line.match(/[\u3000-\u9fff\uff01-\uff60]/g)?.length ?? 0);
}

function widest(output: string): number {
  return Math.max(...output.split('\n').map(columnsOf));
}

async function assertReadable(statement: string): Promise<string> {
  const output = await inPsql(database.url, statement);
  assert.ok(widest(output) <= 80, `${widest(output)} columns:\n${output}`);
  assert.doesNotMatch(output, /\n\(0 rows\)/);
  return output;
}

describe('in 80 columns', () => {
  for (const view of views)
    test(`${view}`, async () => {
      await assertReadable(`select * from ops.${view}`);
    });

  test('diagnose_task, by the beginning of the id', async () => {
    const output = await assertReadable(`select * from ops.diagnose_task('${taskId.slice(0, 8)}')`);
    for (const part of ['Task', 'Mails', 'Heard of', 'Failures', 'Services', 'Webhooks', 'Broken', 'Forecast'])
      assert.match(output, new RegExp(`^ ${part} +\\|`, 'm'));
    assert.match(output, /1 × invalid_recipient/);
    assert.match(output, /frozen: long long/);
    assert.match(output, /postilion repair/);
  });

  test('explain_sub_task', async () => {
    const output = await assertReadable(`select * from ops.explain_sub_task('${subTaskId}')`);
    for (const what of ['rendered', 'pending → allocated', 'allocated → sending', 'sending → uncertain', 'event click'])
      assert.match(output, new RegExp(what));
    assert.match(output, /Nobody knows whether/);
  });

  test('diagnose_task, of a name in Chinese', async () => {
    const output = await assertReadable(
      `select * from ops.diagnose_task('${'二〇二六年春季新品上市通知邮件'.repeat(6)}')`,
    );
    assert.match(output, /东部发信服务（备用）第二线路: /);
  });

  test('repair, everything at once', async () => {
    const output = await assertReadable('select * from ops.repair()');
    for (const what of ['pools', 'leases', 'slots', 'partitions', 'events', 'fold', 'counters'].filter(
      (kind) => kind !== 'fold',
    ))
      assert.match(output, new RegExp(`^ ${what} +\\|`, 'm'));
  });
});

describe('what a view shows leads on', () => {
  test('a mail of stuck_sub_tasks can be explained', async () => {
    const short = await one<string>(
      database.pool,
      `select sub_task from ops.stuck_sub_tasks where state = 'uncertain'`,
    );
    assert.equal(short.length, 23);
    assert.equal(await one(database.pool, `select ops.read_history($1) -> 'subTask' ->> 'id'`, [short]), subTaskId);
  });

  test('a Task of task_status can be diagnosed', async () => {
    const short = await one<string>(database.pool, `select id from ops.task_status where task like 'spring%'`);
    assert.equal(await one(database.pool, `select ops.read_diagnosis($1) -> 'task' ->> 'id'`, [short]), taskId);
  });

  test('an address explains the latest mail to it', async () => {
    const address = await one<string>(
      database.pool,
      'select recipient_email from app_public.sub_task_mails where sub_task_id = $1',
      [subTaskId],
    );
    assert.equal(
      await one(database.pool, `select ops.read_history($1) -> 'subTask' ->> 'id'`, [address.toUpperCase()]),
      subTaskId,
    );
  });

  for (const [what, call, code] of [
    ['no such mail', `ops.explain_sub_task('00000000')`, 'NTFND'],
    ['no such address', `ops.explain_sub_task('nobody@example.com')`, 'NTFND'],
    ['no such Task', `ops.diagnose_task('autumn')`, 'NTFND'],
    ['nonsense', `ops.diagnose_task('''; --')`, 'NTFND'],
    ['too many digits', `ops.diagnose_task('0123456789012345678901234567890123456789')`, 'NTFND'],
    ['several mails', `ops.explain_sub_task(left('${'0'.repeat(8)}', 8))`, 'NTFND'],
  ] as const)
    test(`${what} is said`, () => assert.rejects(database.pool.query(`select * from ${call}`), { code }));

  test('a beginning that several mails have in common is too little', async () => {
    const common = await one<string>(
      database.pool,
      'select left(id::text, 8) from app_public.sub_tasks group by 1 order by count(*) desc limit 1',
    );
    await assert.rejects(database.pool.query('select ops.read_history($1)', [common]), { code: 'BADIN' });
  });
});
