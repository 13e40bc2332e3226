// Promise: a due Task becomes one finished mail for each recipient of that moment, and a template that can't be right stops it before anything is sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import { insertBatch } from '../../src/database/generation/insert_batch.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { createLogger } from '../../src/log.ts';
import { type GenerationContext, generateTask } from '../../src/tasks/generate_sub_tasks.ts';
import { testSecret } from '../support/campaign.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { aWorkspace, driftOf, one } from '../support/scene.ts';

let database: TestDatabase;
let context: GenerationContext;
before(async () => {
  database = await createTestDatabase();
  context = {
    db: database.pool,
    config: loadConfig({}),
    secret: await loadSecret({ POSTILION_SECRET: testSecret }, ''),
    log: createLogger({ LOG_LEVEL: 'silent' }),
    stopping: new AbortController().signal,
  };
});
after(() => database.close());

interface Contact {
  email: string;
  name?: string;
  attributes?: Record<string, unknown>;
  tags?: string[];
}

interface Given {
  contacts: Contact[];
  templates?: { subject?: string; html?: string }[];
  /** Further arguments of create_task, as SQL. */
  rule?: string;
}

async function aTask({ contacts, templates = [{}], rule = '' }: Given) {
  const { pool } = database;
  const workspaceId = await aWorkspace(pool);
  await pool.query('select app_public.add_contacts($1, $2)', [workspaceId, JSON.stringify(contacts)]);
  const senderId = await one<string>(
    pool,
    `insert into app_public.senders (workspace_id, name, display_name) values ($1, 'news', 'The News') returning id`,
    [workspaceId],
  );
  const templateIds: string[] = [];
  for (const { subject = 'Hello', html = '<p>Hello</p>' } of templates)
    templateIds.push(
      await one(
        pool,
        `insert into app_public.templates (workspace_id, name, subject, html) values ($1, 'T', $2, $3) returning id`,
        [workspaceId, subject, html],
      ),
    );
  const taskId = await one<string>(pool, `select id from app_public.create_task($1, 'a task', $2, $3 ${rule})`, [
    workspaceId,
    senderId,
    templateIds,
  ]);
  await pool.query('select app_public.schedule_task($1)', [taskId]);
  return { workspaceId, taskId, templateIds };
}

interface Row {
  recipient_email: string;
  status: string;
  service_id: string | null;
  sender_email: string;
  scheduled_at: Date | null;
  rendered_subject: string;
  rendered_body: string;
  rendered_text: string;
  link_urls: string[];
  template_id: string;
  error_code: string | null;
  error_message: string | null;
}

async function rowsOf(taskId: string): Promise<Row[]> {
  const { rows } = await database.pool.query<Row>(
    'select m.*, st.* from app_public.sub_tasks st join app_public.sub_task_mails m on m.sub_task_id = st.id where st.task_id = $1 order by m.recipient_email',
    [taskId],
  );
  return rows;
}

const emailsOf = async (taskId: string) => (await rowsOf(taskId)).map((row) => row.recipient_email);
const taskOf = (taskId: string, column: string) =>
  one(database.pool, `select ${column} from app_public.tasks where id = $1`, [taskId]);

test('each recipient gets a rendered mail that no service has yet', async () => {
  const { taskId } = await aTask({
    contacts: [{ email: 'Ada@Example.com', attributes: { first_name: 'Ada' } }],
    templates: [
      {
        subject: 'For {{ contact.first_name }}',
        html: '<p>Dear {{ contact.first_name }}, <a href="https://example.com/a?b=1&amp;c=2">read</a></p>',
      },
    ],
  });
  await generateTask(context, taskId);
  const [row] = await rowsOf(taskId);
  assert.ok(row !== undefined);
  assert.equal(row.recipient_email, 'ada@example.com');
  assert.equal(row.status, 'pending');
  assert.equal(row.service_id, null);
  assert.equal(row.sender_email, 'pending');
  assert.equal(row.scheduled_at, null);
  assert.equal(row.rendered_subject, 'For Ada');
  assert.match(row.rendered_body, /Dear Ada/);
  assert.match(row.rendered_body, /\/api\/tracking\/open\//);
  assert.match(row.rendered_body, /\/api\/tracking\/click\//);
  assert.match(row.rendered_text, /Dear Ada/);
  assert.deepEqual(row.link_urls, ['https://example.com/a?b=1&c=2']);
  assert.equal(await taskOf(taskId, 'status'), 'queued');
  assert.equal(await driftOf(database.pool, taskId), 0);
});

test('recipients by tags: any of these, none of those', async () => {
  const { taskId } = await aTask({
    contacts: [
      { email: 'a@example.com', tags: ['vip'] },
      { email: 'b@example.com', tags: ['vip', 'quiet'] },
      { email: 'c@example.com', tags: ['other', 'new'] },
      { email: 'd@example.com' },
    ],
    rule: `, 'tags', array['vip', 'new'], array['quiet']`,
  });
  await generateTask(context, taskId);
  assert.deepEqual(await emailsOf(taskId), ['a@example.com', 'c@example.com']);
});

test('recipients by list', async () => {
  const { workspaceId, taskId } = await aTask({ contacts: [{ email: 'a@example.com' }, { email: 'b@example.com' }] });
  const { pool } = database;
  const listed = await one<string>(
    pool,
    `select id from app_public.create_task($1, 'listed', (select sender_id from app_public.tasks where id = $2),
       array(select template_id from app_public.task_templates where task_id = $2), 'contacts',
       p_contact_ids => array(select id from app_public.contacts where workspace_id = $1 and email = 'b@example.com'))`,
    [workspaceId, taskId],
  );
  await pool.query('select app_public.schedule_task($1)', [listed]);
  await generateTask(context, listed);
  assert.deepEqual(await emailsOf(listed), ['b@example.com']);
});

test('bounced, unsubscribed and suppressed Contacts receive nothing', async () => {
  const { workspaceId, taskId } = await aTask({
    contacts: ['a', 'b', 'c', 'd'].map((name) => ({ email: `${name}@example.com` })),
  });
  const { pool } = database;
  await pool.query(`update app_public.contacts set status = 'bounced' where workspace_id = $1 and email like 'a@%'`, [
    workspaceId,
  ]);
  await pool.query(
    `update app_public.contacts set status = 'unsubscribed' where workspace_id = $1 and email like 'b@%'`,
    [workspaceId],
  );
  await pool.query(`insert into app_public.suppressions values ($1, 'c@example.com', 'manual')`, [workspaceId]);
  await generateTask(context, taskId);
  assert.deepEqual(await emailsOf(taskId), ['d@example.com']);
});

test('the recipients are those of the moment generation began', async () => {
  const { workspaceId, taskId } = await aTask({ contacts: [{ email: 'a@example.com' }] });
  const { pool } = database;
  await pool.query('select app_private.start_generation($1, 100)', [taskId]);
  await pool.query('select app_public.add_contacts($1, $2)', [
    workspaceId,
    JSON.stringify([{ email: 'late@example.com' }]),
  ]);
  await generateTask(context, taskId);
  assert.deepEqual(await emailsOf(taskId), ['a@example.com']);
});

test('of several templates each recipient gets one', async () => {
  const { taskId, templateIds } = await aTask({
    contacts: Array.from({ length: 60 }, (_, n) => ({ email: `r${n}@example.com` })),
    templates: [{ subject: 'One' }, { subject: 'Two' }],
  });
  await generateTask(context, taskId);
  const used = new Set((await rowsOf(taskId)).map((row) => row.template_id));
  assert.deepEqual(used, new Set(templateIds));
});

test('a variable that nobody has fails the Task and names template, line and variable', async () => {
  const { taskId } = await aTask({
    contacts: [{ email: 'a@example.com', attributes: { first_name: 'A' } }],
    templates: [{ html: '<p>\n{{ contact.frist_name }}</p>' }],
  });
  await generateTask(context, taskId);
  assert.equal(await taskOf(taskId, 'status'), 'failed');
  assert.equal(
    await taskOf(taskId, 'error_message'),
    'Template "T", html line 2: no recipient has "contact.frist_name".',
  );
  assert.deepEqual(await rowsOf(taskId), []);
});

test('wrong Liquid fails the Task before anything is inserted', async () => {
  const { taskId } = await aTask({ contacts: [{ email: 'a@example.com' }], templates: [{ html: '<p>{% if %}</p>' }] });
  await generateTask(context, taskId);
  assert.equal(await taskOf(taskId, 'status'), 'failed');
  assert.deepEqual(await rowsOf(taskId), []);
});

test('a variable that one recipient lacks fails that SubTask alone', async () => {
  const { taskId } = await aTask({
    contacts: [{ email: 'a@example.com', attributes: { city: 'Oslo' } }, { email: 'b@example.com' }],
    templates: [{ html: '<p>{{ contact.city }}</p>' }],
  });
  await generateTask(context, taskId);
  const rows = await rowsOf(taskId);
  assert.deepEqual(
    rows.map(({ status }) => status),
    ['pending', 'failed'],
  );
  assert.equal(rows[1]?.error_code, 'rendering');
  assert.match(rows[1]?.error_message ?? '', /contact\.city/);
  assert.equal(await taskOf(taskId, 'status'), 'queued');
  assert.equal(await driftOf(database.pool, taskId), 0);
});

test('a Task without recipients is completed, not stuck', async () => {
  const { taskId } = await aTask({ contacts: [], templates: [{ html: '<p>{{ contact.city }}</p>' }] });
  await generateTask(context, taskId);
  await database.pool.query('select app_private.complete_tasks()');
  assert.equal(await taskOf(taskId, 'status'), 'completed');
});

test('a second copy of the job inserts nothing twice', async () => {
  const { taskId } = await aTask({ contacts: Array.from({ length: 700 }, (_, n) => ({ email: `r${n}@example.com` })) });
  await Promise.all([generateTask(context, taskId), generateTask(context, taskId)]);
  assert.equal((await rowsOf(taskId)).length, 700);
  assert.equal(await taskOf(taskId, 'status'), 'queued');
});

test('a Task that stopped generating gets no more rows', async () => {
  const { taskId } = await aTask({ contacts: [{ email: 'a@example.com' }] });
  await database.pool.query('select app_private.start_generation($1, 100)', [taskId]);
  await database.pool.query(`select app_private.fail_generation($1, 'test', 'stopped')`, [taskId]);
  assert.equal(await insertBatch(database.pool, taskId, 0, []), false);
});

test('a Task is not generated before its time', async () => {
  const { taskId } = await aTask({ contacts: [{ email: 'a@example.com' }] });
  await database.pool.query(`update app_public.tasks set scheduled_at = now() + interval '1 hour' where id = $1`, [
    taskId,
  ]);
  await assert.rejects(generateTask(context, taskId), /not due yet/);
});

test('scheduling stores the job with the state, for the time that was asked', async () => {
  const { taskId } = await aTask({ contacts: [{ email: 'a@example.com' }] });
  const { pool } = database;
  await pool.query('update app_public.tasks set status = $2 where id = $1', [taskId, 'draft']);
  await pool.query(`select app_public.schedule_task($1, now() + interval '2 hours')`, [taskId]);
  const early = await one<boolean>(
    pool,
    `select run_at between t.scheduled_at and t.scheduled_at + interval '1 s'
       from graphile_worker._private_jobs j, app_public.tasks t where j.key = 'generate:' || t.id and t.id = $1`,
    [taskId],
  );
  assert.equal(early, true);
});
