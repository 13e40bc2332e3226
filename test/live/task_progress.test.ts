// Promise: a subscriber sees a Task as it is at once and after every change, also across a break of the server's database connection.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { taskProgress } from '../server/operations.ts';
import { at, startTestServer } from '../server/support.ts';
import { aDraft, aQueuedTask } from '../support/scene.ts';
import { subscribe } from './subscriber.ts';
import { announce } from './support.ts';

suite('taskProgress', async () => {
  const server = await startTestServer();
  const { pool } = server;
  const listenTo = (taskId: string) => subscribe(server, taskProgress, { taskId });
  const sequenceOf = async (taskId: string) =>
    Number(at(await server.data('query ($id: UUID!) { task(id: $id) { sequence } }', { id: taskId }), 'task.sequence'));
  const fail = (taskId: string) =>
    pool.query(
      `with mail as (
         insert into app_public.sub_task_mails (sub_task_id, task_id, recipient_email, tracking_id, rendered_subject, rendered_body, rendered_text)
         select id, $1::uuid, id || '@example.com', id::text, '', '', '' from (select gen_random_uuid() as id) as given
         returning sub_task_id
       )
       insert into app_public.sub_tasks (id, task_id, status, phase, failed_at, error_code) select sub_task_id, $1::uuid, 'failed', 'failed', now(), 'rendering' from mail`,
      [taskId],
    );

  test('the first event comes at once, the next with the change', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 3 });
    await announce(pool);
    const known = await sequenceOf(taskId);
    await using events = listenTo(taskId);
    const first = await events.next('data.taskProgress');
    assert.deepEqual(at(first, 'task'), {
      id: taskId,
      status: 'queued',
      statistics: { total: 3, states: { pending: 3, failed: 0 } },
    });
    assert.equal(at(first, 'sequence'), known, 'the number of the snapshot');
    assert.ok(Date.parse(String(at(first, 'at'))) > 0);

    await fail(taskId);
    await announce(pool);
    const second = await events.next('data.taskProgress');
    assert.equal(at(second, 'sequence'), known + 1);
    assert.deepEqual(at(second, 'task.statistics'), { total: 4, states: { pending: 3, failed: 1 } });
    assert.equal(await sequenceOf(taskId), known + 1, 'nothing was missed');
  });

  test('the number is the same for every subscriber, and leaving one keeps the others', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 1 });
    await announce(pool);
    await using stays = listenTo(taskId);
    const known = await stays.next('data.taskProgress.sequence');
    {
      await using leaves = listenTo(taskId);
      assert.equal(await leaves.next('data.taskProgress.sequence'), known);
    }
    await fail(taskId);
    await announce(pool);
    assert.equal(await stays.next('data.taskProgress.sequence'), Number(known) + 1);
  });

  test('changes that come together share an event, and the number tells how many they were', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 1 });
    await announce(pool);
    await using events = listenTo(taskId);
    const known = Number(await events.next('data.taskProgress.sequence'));
    for (const verb of ['pause_task', 'resume_task', 'pause_task', 'resume_task'])
      await pool.query(`select app_public.${verb}($1)`, [taskId]);
    let sequence = known;
    let messages = 0;
    for (; sequence < known + 4; messages += 1) sequence = Number(await events.next('data.taskProgress.sequence'));
    assert.equal(sequence, known + 4);
    assert.ok(messages <= 2, `${messages} messages for four changes within a second`);
  });

  test('an unknown task is a clear error', async () => {
    const nobody = '00000000-0000-0000-0000-000000000000';
    await using events = listenTo(nobody);
    const errors = await events.ended();
    assert.equal(at(errors, '0.message'), `taskId: there is no task ${nobody}`);
    assert.deepEqual(at(errors, '0.extensions'), { code: 'NTFND', field: 'taskId' });
  });

  test('a Task that is gone ends its subscriptions', async () => {
    const { taskId } = await aDraft(pool);
    await using events = listenTo(taskId);
    await events.next();
    await pool.query('delete from app_public.tasks where id = $1', [taskId]);
    await pool.query(`select pg_notify('task:' || $1, '')`, [taskId]);
    assert.equal(at(await events.ended(), '0.extensions.code'), 'NTFND');
  });

  test('the subscription lives on when the listening connection is killed, and hears of what happened meanwhile', async () => {
    const { taskId } = await aDraft(pool);
    await using events = listenTo(taskId);
    const known = Number(await events.next('data.taskProgress.sequence'));
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'postilion listen'`,
    );
    await fail(taskId);
    await announce(pool);
    const told = await events.next('data.taskProgress');
    assert.equal(at(told, 'sequence'), known + 1);
    assert.deepEqual(at(told, 'task.statistics'), { total: 1, states: { pending: 0, failed: 1 } });
  });

  test('only a page of our own may open a websocket', async () => {
    const open = async (origin: string) => {
      const headers = { origin };
      const socket = new WebSocket(`${server.server.url.replace('http', 'ws')}/graphql`, {
        protocols: 'graphql-transport-ws',
        headers,
      });
      const outcome = Promise.withResolvers<boolean>();
      socket.addEventListener('open', () => outcome.resolve(true));
      socket.addEventListener('error', () => outcome.resolve(false));
      return outcome.promise.finally(() => socket.close());
    };
    assert.equal(await open('https://elsewhere.example'), false);
    assert.equal(await open('null'), false);
    assert.equal(await open(server.server.url), true);
  });
});
