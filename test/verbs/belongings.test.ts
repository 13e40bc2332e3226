// Promise: what a workspace owns can be taken away, but nothing that is still needed; who needs it is said.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { finishGeneration } from '../../src/database/generation/finish_generation.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { aDraft, aGeneratingTask, aQueuedTask, aWorkspace, one } from '../support/scene.ts';
import { asMember, waiting } from './support.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

const choiceOf = (taskId: string, column: 'sender_id' | 'template_id') =>
  one<string>(
    database.pool,
    `select ${column} from app_public.tasks t join app_public.task_templates tt on tt.task_id = t.id where t.id = $1`,
    [taskId],
  );
const count = (table: string, id: string) =>
  one<number>(database.pool, `select count(*)::integer from app_public.${table} where id = $1`, [id]);

test('a template stays while a Task that is not over uses it; the mails of those that are over stay without it', async () => {
  const { taskId, workspaceId } = await aQueuedTask(database.pool);
  const templateId = await choiceOf(taskId, 'template_id');
  const remove = () => database.pool.query('select app_public.delete_template($1)', [templateId]);
  await assert.rejects(remove, { code: 'BADIN', message: 'templateId: the task "a task" is not over and uses it' });
  await database.pool.query('select app_public.cancel_task($1)', [taskId]);
  const byStranger = asMember(database.pool, await aWorkspace(database.pool), 'manager', (db) =>
    db.query('select app_public.delete_template($1)', [templateId]),
  );
  await assert.rejects(byStranger, { code: 'NTFND' });
  const byViewer = asMember(database.pool, workspaceId, 'viewer', (db) =>
    db.query('select app_public.delete_template($1)', [templateId]),
  );
  await assert.rejects(byViewer, { code: 'FRBDN' });
  await remove();
  assert.equal(await count('templates', templateId), 0);
  const mails = `select count(*)::integer from app_public.sub_task_mails where task_id = $1 and template_id is null and rendered_body <> ''`;
  assert.equal(await one(database.pool, mails, [taskId]), 3);
  await assert.rejects(remove, { code: 'NTFND' });
});

test('what a template says does not change while mails are rendered from it', async () => {
  const { taskId } = await aGeneratingTask(database.pool);
  const templateId = await choiceOf(taskId, 'template_id');
  const change = () =>
    database.pool.query(`update app_public.templates set subject = 'Other' where id = $1`, [templateId]);
  await assert.rejects(change, { code: 'TRANS' });
  await finishGeneration(database.pool, taskId);
  await change();
});

test('a template that a Task takes at that moment is not deleted under it', async () => {
  const { taskId, workspaceId } = await aDraft(database.pool);
  const [templateId, senderId] = [await choiceOf(taskId, 'template_id'), await choiceOf(taskId, 'sender_id')];
  await database.pool.query('select app_public.delete_task($1)', [taskId]);
  const client = await database.pool.connect();
  await client.query('begin');
  await client.query(`select app_public.create_task($1, 'at that moment', $2, array[$3::uuid])`, [
    workspaceId,
    senderId,
    templateId,
  ]);
  const removed = database.pool.query('select app_public.delete_template($1)', [templateId]).then(
    () => 'done',
    ({ code }: { code: string }) => code,
  );
  await eventually(
    () => waiting(database.pool),
    (waiters) => waiters === 1,
  );
  await client.query('commit');
  client.release();
  assert.equal(await removed, 'BADIN');
});

test('a sender stays as long as any Task sends in its name', async () => {
  const { taskId } = await aDraft(database.pool);
  const senderId = await choiceOf(taskId, 'sender_id');
  const remove = () => database.pool.query('select app_public.delete_sender($1)', [senderId]);
  await assert.rejects(remove, { code: 'BADIN', message: 'senderId: the task "a task" sends in its name' });
  await database.pool.query('select app_public.delete_task($1)', [taskId]);
  await remove();
  assert.equal(await count('senders', senderId), 0);
});

const tagged = (workspaceId: string, ...lists: string[][]) =>
  database.pool.query('select app_public.add_contacts($1, $2)', [
    workspaceId,
    JSON.stringify(lists.map((tags, number) => ({ email: `${number}@example.com`, tags }))),
  ]);
const tagsOf = (workspaceId: string) =>
  one(
    database.pool,
    'select jsonb_agg(to_jsonb(array(select unnest(tags) order by 1)) order by email) from app_public.contacts where workspace_id = $1',
    [workspaceId],
  );

test('a tag gets another name wherever it stands, in that workspace alone', async () => {
  const [workspaceId, other] = [await aWorkspace(database.pool), await aWorkspace(database.pool)];
  for (const each of [workspaceId, other]) await tagged(each, ['old'], ['new', 'old'], ['third']);
  const { taskId } = await aDraft(database.pool, { workspaceId, recipients: 0 });
  await database.pool.query(
    `select app_public.update_task($1, p_recipient_rule => 'tags', p_include_tags => '{old}')`,
    [taskId],
  );
  const renamed = await asMember(database.pool, workspaceId, 'editor', (db) =>
    one(db, `select app_public.rename_tag($1, 'old', 'new')`, [workspaceId]),
  );
  assert.equal(renamed, 2);
  assert.deepEqual(await tagsOf(workspaceId), [['new'], ['new'], ['third']]);
  assert.deepEqual(await tagsOf(other), [['old'], ['new', 'old'], ['third']]);
  assert.deepEqual(await one(database.pool, 'select include_tags from app_public.tasks where id = $1', [taskId]), [
    'new',
  ]);
  const byStranger = asMember(database.pool, other, 'manager', (db) =>
    db.query(`select app_public.rename_tag($1, 'new', 'stolen')`, [workspaceId]),
  );
  await assert.rejects(byStranger, { code: 'NTFND' });
  await assert.rejects(database.pool.query(`select app_public.rename_tag($1, 'new', ' ')`, [workspaceId]), {
    code: 'BADIN',
    message: /^name: /,
  });
});

test('a tag by which a Task chooses is not taken away, any other is', async () => {
  const workspaceId = await aWorkspace(database.pool);
  await tagged(workspaceId, ['vip', 'other'], ['vip']);
  const { taskId } = await aDraft(database.pool, { workspaceId, recipients: 0 });
  await database.pool.query(`select app_public.update_task($1, p_exclude_tags => '{vip}')`, [taskId]);
  const remove = () => one(database.pool, `select app_public.remove_tag($1, 'vip')`, [workspaceId]);
  await assert.rejects(remove, { code: 'BADIN', message: 'tag: the task "a task" chooses its recipients by it' });
  await database.pool.query('select app_public.delete_task($1)', [taskId]);
  assert.equal(await remove(), 2);
  assert.deepEqual(await tagsOf(workspaceId), [['other'], []]);
  assert.equal(await remove(), 0);
});

test('a workspace whose Tasks never began can be deleted with all it owns', async () => {
  const draft = await aDraft(database.pool);
  await database.pool.query('select app_public.delete_workspace($1)', [draft.workspaceId]);
  assert.equal(await count('workspaces', draft.workspaceId), 0);
  assert.equal(await count('tasks', draft.taskId), 0);
  const queued = await aQueuedTask(database.pool);
  await assert.rejects(database.pool.query('select app_public.delete_workspace($1)', [queued.workspaceId]), {
    code: 'TRANS',
  });
  const byManager = asMember(database.pool, queued.workspaceId, 'manager', (db) =>
    db.query('select app_public.delete_workspace($1)', [queued.workspaceId]),
  );
  await assert.rejects(byManager, { code: '42501' });
});
