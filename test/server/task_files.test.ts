// Promise: a Task's files are checked where they come in, seen without their content, and fixed once its generation has begun.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { aDraft, one } from '../support/scene.ts';
import { addTaskFile, removeTaskFile } from './operations.ts';
import { at, startTestServer, textAt } from './support.ts';

const MEGABYTE = 1_000_000;

suite('over GraphQL', async () => {
  const { pool, data, graphql } = await startTestServer();
  const file = { name: 'a.txt', contentType: 'text/plain', contentBase64: 'SGVsbG8K' };
  const adding = (input: object) => graphql(addTaskFile, { input: { ...file, ...input } });
  const refusal = async (input: object) => {
    const { errors } = await adding(input);
    return [errors?.[0]?.extensions?.code, errors?.[0]?.extensions?.field, errors?.[0]?.message];
  };
  const zeros = (bytes: number) => Buffer.alloc(bytes).toString('base64');

  test('files are added, listed with name, type and size, and removed', async () => {
    const { taskId } = await aDraft(pool);
    const first = textAt(await data(addTaskFile, { input: { ...file, taskId } }), 'addTaskFile.taskFile.id');
    await data(addTaskFile, { input: { ...file, taskId, name: 'Übersicht.PDF', contentType: 'Application/PDF' } });
    const list = `query ($taskId: UUID!) { task(id: $taskId) { taskFiles(orderBy: POSITION_ASC) { nodes { position name contentType size } } } }`;
    assert.deepEqual(at(await data(list, { taskId }), 'task.taskFiles.nodes'), [
      { position: 1, name: 'a.txt', contentType: 'text/plain', size: 6 },
      { position: 2, name: 'Übersicht.PDF', contentType: 'application/pdf', size: 6 },
    ]);
    const removed = await data(removeTaskFile, { taskFileId: first });
    assert.deepEqual(removed, { removeTaskFile: { taskFile: { id: first, name: 'a.txt' } } });
    assert.equal(Object(at(await data(list, { taskId }), 'task.taskFiles.nodes')).length, 1);
    const again = await graphql(removeTaskFile, { taskFileId: first });
    assert.deepEqual(again.errors?.[0]?.extensions, { code: 'NTFND', field: 'taskFileId' });
  });

  test('the content can be written and not read', async () => {
    const fields = await data('{ __type(name: "TaskFile") { fields { name } } }');
    assert.ok(JSON.stringify(fields).includes('contentType'));
    assert.ok(!JSON.stringify(fields).includes('"content"'));
    const client = await pool.connect();
    try {
      await client.query('begin; set local role postilion_admin');
      await assert.rejects(client.query('select content from app_public.task_files'), { code: '42501' });
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('a name or a type that is none is refused, and so is what is no content', async () => {
    const { taskId } = await aDraft(pool);
    for (const name of [
      '',
      ' a',
      '.',
      '..',
      '/etc/passwd',
      'a/b',
      'a\\b',
      'a\nb',
      'a\u0085b',
      'a\u202eb',
      'x'.repeat(201),
    ])
      assert.deepEqual((await refusal({ taskId, name })).slice(0, 2), ['BADIN', 'name'], JSON.stringify(name));
    for (const contentType of [
      '',
      'text',
      'text/',
      'a/b/c',
      'text/plain; charset=utf-8',
      'a/b\r\nX: y',
      'message/rfc822',
    ])
      assert.deepEqual((await refusal({ taskId, contentType })).slice(0, 2), ['BADIN', 'contentType'], contentType);
    for (const contentBase64 of ['', '?', 'SGVsbG8'])
      assert.deepEqual(
        (await refusal({ taskId, contentBase64 })).slice(0, 2),
        ['BADIN', 'contentBase64'],
        contentBase64,
      );
    assert.equal((await adding({ taskId, name: `${'ü'.repeat(196)}.pdf` })).errors, undefined);
  });

  test('two files of a Task can not have one name', async () => {
    const { taskId } = await aDraft(pool);
    await adding({ taskId });
    assert.deepEqual((await refusal({ taskId })).slice(0, 2), ['BADIN', 'name']);
  });

  test('a file may have 10 MB, a Task 15', async () => {
    const { taskId } = await aDraft(pool);
    assert.deepEqual(await refusal({ taskId, contentBase64: zeros(10 * MEGABYTE + 1) }), [
      'BADIN',
      'contentBase64',
      'contentBase64: a file may have 10 MB; this one has 10.01 MB',
    ]);
    assert.equal((await adding({ taskId, contentBase64: zeros(10 * MEGABYTE) })).errors, undefined);
    assert.deepEqual(await refusal({ taskId, name: 'b', contentBase64: zeros(5 * MEGABYTE + 1) }), [
      'BADIN',
      'contentBase64',
      'contentBase64: the files of a task may have 15 MB together; with this one they have 15.01 MB',
    ]);
    assert.equal((await adding({ taskId, name: 'b', contentBase64: zeros(5 * MEGABYTE) })).errors, undefined);
  });

  test('they may change while the Task is scheduled, and in no state after that', async () => {
    const { taskId } = await aDraft(pool);
    await pool.query(`select app_public.schedule_task($1, now() + interval '1 day')`, [taskId]);
    const id = textAt(at(await adding({ taskId }), 'data'), 'addTaskFile.taskFile.id');
    const states = ['generating', 'queued', 'sending', 'paused', 'sending', 'completed'];
    await pool.query('update app_public.tasks set generation_finished_at = now(), completed_at = now() where id = $1', [
      taskId,
    ]);
    for (const status of states) {
      await pool.query('update app_public.tasks set status = $2 where id = $1', [taskId, status]);
      assert.deepEqual((await refusal({ taskId, name: 'b' })).slice(0, 2), ['TRANS', 'taskId'], status);
      const removal = await graphql(removeTaskFile, { taskFileId: id });
      assert.equal(removal.errors?.[0]?.extensions?.code, 'TRANS', status);
    }
    assert.equal(
      await one(pool, 'select count(*)::integer from app_public.task_files where task_id = $1', [taskId]),
      1,
    );
    const nowhere = await refusal({ taskId: '00000000-0000-4000-8000-000000000000' });
    assert.deepEqual(nowhere.slice(0, 2), ['NTFND', 'taskId']);
  });
});
