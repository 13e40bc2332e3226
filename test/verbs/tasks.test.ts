// Promise: a Task's choices can be changed as long as they decide anything, copied at any time, and deleted only where nothing would be missed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finishGeneration } from '../../src/database/generation/finish_generation.ts';
import { readBatch } from '../../src/database/generation/read_batch.ts';
import { startGeneration } from '../../src/database/generation/start_generation.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aDraft, aQueuedTask, aWorkspace, one } from '../support/scene.ts';
import { asMember, waiting } from './support.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const taskOf = (taskId: string, columns: string) =>
  one<unknown[]>(database.pool, `select jsonb_build_array(${columns}) from app_public.tasks where id = $1`, [taskId]);
const update = (taskId: string, choices: string, values: unknown[] = []) =>
  database.pool.query(`select app_public.update_task($1, ${choices})`, [taskId, ...values]);
const aTemplate = (workspaceId: string) =>
  one<string>(
    database.pool,
    `insert into app_public.templates (workspace_id, name, subject, html) values ($1, 'other', 'Other', '<p>Other</p>') returning id`,
    [workspaceId],
  );
const templatesOf = (taskId: string) =>
  one<string[]>(database.pool, 'select array_agg(template_id) from app_public.task_templates where task_id = $1', [
    taskId,
  ]);
const fails = (taskId: string) =>
  database.pool.query(
    `select app_public.schedule_task($1), app_private.start_generation($1, 10), app_private.fail_generation($1, 'template', 'a mistake')`,
    [taskId],
  );

test('of a draft everything can be changed, and what is left out stays', async () => {
  const { taskId, workspaceId } = await aDraft(database.pool);
  const templateId = await aTemplate(workspaceId);
  const senderId = await one<string>(
    database.pool,
    `insert into app_public.senders (workspace_id, name) values ($1, 'other') returning id`,
    [workspaceId],
  );
  await update(
    taskId,
    `p_name => 'new', p_sender_id => $2, p_template_ids => array[$3::uuid], p_recipient_rule => 'tags', p_include_tags => '{vip}',
     p_priority => 7, p_track_opens => false, p_uncertain_policy => 'resend',
     p_window_days => '{1,2}', p_window_start => '09:00', p_window_end => '17:00', p_window_timezone => 'Europe/Oslo'`,
    [senderId, templateId],
  );
  const columns = 'name, sender_id, recipient_rule, include_tags, priority, track_opens, track_clicks, window_days';
  assert.deepEqual(await taskOf(taskId, columns), ['new', senderId, 'tags', ['vip'], 7, false, true, [1, 2]]);
  assert.deepEqual(await templatesOf(taskId), [templateId]);
  await update(taskId, `p_window_days => '{}'`);
  assert.deepEqual(await taskOf(taskId, 'window_days, window_start, window_timezone, name'), [null, null, null, 'new']);
});

test('a draft may be left in no form in which it could not be made', async () => {
  const { taskId } = await aDraft(database.pool);
  const foreign = await aDraft(database.pool);
  const contactId = await one<string>(
    database.pool,
    'select id from app_public.contacts where workspace_id = $1 limit 1',
    [foreign.workspaceId],
  );
  const templateId = await aTemplate(foreign.workspaceId);
  const senderId = await one<string>(database.pool, 'select sender_id from app_public.tasks where id = $1', [
    foreign.taskId,
  ]);
  const refusals: [string, unknown[], RegExp][] = [
    [`p_template_ids => '{}'`, [], /^templateIds: /],
    [`p_template_ids => array[$2::uuid]`, [templateId], /^templateIds: /],
    [`p_sender_id => $2`, [senderId], /^senderId: /],
    [`p_recipient_rule => 'contacts'`, [], /^contactIds: /],
    [`p_recipient_rule => 'contacts', p_contact_ids => array[$2::uuid]`, [contactId], /^contactIds: /],
    [
      `p_window_days => '{1}', p_window_start => '9:00', p_window_end => '17:00', p_window_timezone => 'Mars/Olympus'`,
      [],
      /^windowTimezone: /,
    ],
  ];
  for (const [choices, values, message] of refusals)
    await assert.rejects(update(taskId, choices, values), { code: 'BADIN', message });
  await assert.rejects(update(taskId, `p_recipient_rule => 'tags'`), { code: '23514' });
  await assert.rejects(update(foreign.workspaceId, `p_name => 'x'`), { code: 'NTFND' });
  assert.deepEqual(await taskOf(taskId, 'name, recipient_rule'), ['a task', 'all']);
});

test('once its mails are rendered only when they go can be changed; once it is over, its name', async () => {
  const { taskId, workspaceId } = await aQueuedTask(database.pool);
  await update(taskId, `p_name => 'renamed', p_priority => 5, p_uncertain_policy => 'resend'`);
  await assert.rejects(update(taskId, `p_track_opens => false`), { code: 'TRANS' });
  await assert.rejects(update(taskId, `p_template_ids => array[$2::uuid]`, [await aTemplate(workspaceId)]), {
    code: 'TRANS',
  });
  await database.pool.query('select app_public.cancel_task($1)', [taskId]);
  await update(taskId, `p_name => 'it was cancelled'`);
  await assert.rejects(update(taskId, `p_priority => 6`), { code: 'TRANS' });
  assert.deepEqual(await taskOf(taskId, 'name, priority'), ['it was cancelled', 5]);
});

test('a change and the start of the generation: one waits for the other, the later sees the earlier', async () => {
  const { taskId, workspaceId } = await aDraft(database.pool);
  await database.pool.query('select app_public.schedule_task($1)', [taskId]);
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query(`select app_public.update_task($1, p_recipient_rule => 'tags', p_include_tags => '{nobody}')`, [
    taskId,
  ]);
  const started = startGeneration(database.pool, taskId, 100);
  await eventually(
    () => waiting(database.pool),
    (count) => count === 1,
  );
  await client.query('commit');
  client.release();
  assert.equal(await started, 'generating');
  assert.equal(await readBatch(database.pool, taskId, -1), null);
  await assert.rejects(update(taskId, `p_template_ids => array[$2::uuid]`, [await aTemplate(workspaceId)]), {
    code: 'TRANS',
  });
  await finishGeneration(database.pool, taskId);
});

test('what goes out already changes by those who may send', async () => {
  const { taskId, workspaceId } = await aQueuedTask(database.pool);
  const as = (workspace: string, role: 'viewer' | 'editor' | 'sender', choices: string) =>
    asMember(database.pool, workspace, role, (db) =>
      db.query(`select app_public.update_task($1, ${choices})`, [taskId]),
    );
  await assert.rejects(as(workspaceId, 'viewer', `p_name => 'x'`), { code: 'FRBDN' });
  await assert.rejects(as(workspaceId, 'editor', `p_priority => 9`), { code: 'FRBDN' });
  await assert.rejects(as(await aWorkspace(database.pool), 'sender', `p_name => 'x'`), { code: 'NTFND' });
  await as(workspaceId, 'editor', `p_name => 'by an editor'`);
  await as(workspaceId, 'sender', `p_priority => 9`);
  assert.deepEqual(await taskOf(taskId, 'name, priority'), ['by an editor', 9]);
});

test('a copy is a draft with all choices, templates, weights, recipients and files', async () => {
  const { taskId, workspaceId } = await aDraft(database.pool);
  const templateId = await aTemplate(workspaceId);
  await database.pool.query('insert into app_public.task_templates values ($1, $2, 9)', [taskId, templateId]);
  await database.pool.query(`select app_public.add_task_file($1, 'a.txt', 'text/plain', encode('hello', 'base64'))`, [
    taskId,
  ]);
  const contactId = await one<string>(
    database.pool,
    'select id from app_public.contacts where workspace_id = $1 limit 1',
    [workspaceId],
  );
  await update(
    taskId,
    `p_recipient_rule => 'contacts', p_contact_ids => array[$2::uuid], p_priority => 3, p_track_clicks => false,
     p_window_days => '{5}', p_window_start => '09:00', p_window_end => '17:00', p_window_timezone => 'Europe/Oslo'`,
    [contactId],
  );
  await fails(taskId);
  const copyId = await one<string>(database.pool, 'select id from app_public.duplicate_task($1)', [taskId]);
  const kept =
    'sender_id, recipient_rule, priority, track_opens, track_clicks, uncertain_policy, window_days, window_start, window_timezone';
  assert.deepEqual(await taskOf(copyId, kept), await taskOf(taskId, kept));
  assert.deepEqual(await taskOf(copyId, 'name, status, scheduled_at, error_code'), [
    'a task (copy)',
    'draft',
    null,
    null,
  ]);
  for (const rows of [
    `select jsonb_agg(jsonb_build_array(template_id, weight) order by template_id) from app_public.task_templates where task_id = $1`,
    `select jsonb_agg(contact_id) from app_hidden.task_listed_contacts where task_id = $1`,
    `select jsonb_agg(jsonb_build_array(position, name, content_type, content) order by position) from app_public.task_files where task_id = $1`,
  ])
    assert.deepEqual(await one(database.pool, rows, [copyId]), await one(database.pool, rows, [taskId]));
  const named = await one<string>(database.pool, `select name from app_public.duplicate_task($1, 'mine')`, [taskId]);
  assert.equal(named, 'mine');
});

test('copied while it is deleted: either there is a whole copy, or the Task is not found', async () => {
  for (const first of ['copy', 'delete'] as const) {
    const { taskId } = await aDraft(database.pool);
    const statements = {
      copy: 'select id from app_public.duplicate_task($1)',
      delete: 'select id from app_public.delete_task($1)',
    };
    const client = await database.pool.connect();
    await client.query('begin');
    const { rows } = await client.query<{ id: string }>(statements[first], [taskId]);
    const later = database.pool.query<{ id: string }>(statements[first === 'copy' ? 'delete' : 'copy'], [taskId]);
    const ended = later.then(
      () => 'done',
      ({ code }: { code: string }) => code,
    );
    await eventually(
      () => waiting(database.pool),
      (count) => count === 1,
    );
    await client.query('commit');
    client.release();
    assert.equal(await ended, first === 'copy' ? 'done' : 'NTFND');
    if (first === 'copy') assert.equal((await templatesOf(rows[0]?.id ?? '')).length, 1);
  }
});

test('a draft and a Task that failed before it had mails can be deleted, no other', async () => {
  const draft = await aDraft(database.pool);
  await database.pool.query('select app_public.delete_task($1)', [draft.taskId]);
  const failed = await aDraft(database.pool);
  await fails(failed.taskId);
  await database.pool.query('select app_public.delete_task($1)', [failed.taskId]);
  const scheduled = await aDraft(database.pool);
  await database.pool.query('select app_public.schedule_task($1)', [scheduled.taskId]);
  const queued = await aQueuedTask(database.pool);
  const cancelled = await aQueuedTask(database.pool);
  await database.pool.query('select app_public.cancel_task($1)', [cancelled.taskId]);
  for (const { taskId } of [scheduled, queued, cancelled])
    await assert.rejects(database.pool.query('select app_public.delete_task($1)', [taskId]), { code: 'TRANS' });
  await assert.rejects(database.pool.query('select app_public.delete_task($1)', [draft.taskId]), { code: 'NTFND' });
  const byStranger = asMember(database.pool, await aWorkspace(database.pool), 'manager', (db) =>
    db.query('select app_public.delete_task($1)', [scheduled.taskId]),
  );
  await assert.rejects(byStranger, { code: 'NTFND' });
});
