// Promise: a subscriber sees a Task as it is at once and after every change, also across a break of the server's database connection.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { aDraft, aQueuedTask } from '../support/scene.ts';
import { taskProgress } from './operations.ts';
import { at, startTestServer } from './support.ts';

suite('taskProgress', async () => {
  const { server, pool } = await startTestServer();

  const subscribe = (taskId: string) => {
    const client = createClient({ url: `${server.url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
    const events = client.iterate({ query: taskProgress, variables: { taskId } });
    return { next: async () => (await events.next()).value, [Symbol.asyncDispose]: async () => client.dispose() };
  };
  const fold = () => pool.query('select app_private.fold_counters()');
  const fail = (taskId: string) =>
    pool.query(
      `insert into app_public.sub_tasks (id, task_id, status, failed_at, error_code)
       values (gen_random_uuid(), $1, 'failed', now(), 'rendering')`,
      [taskId],
    );

  test('the first event comes at once, the next with the change', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 3 });
    await fold();
    await using events = subscribe(taskId);
    const first = await events.next();
    assert.deepEqual(at(first, 'data.taskProgress.task'), {
      id: taskId,
      status: 'queued',
      statistics: { total: 3, states: { pending: 3, failed: 0 } },
    });
    assert.equal(at(first, 'data.taskProgress.sequence'), 0);
    assert.ok(Date.parse(String(at(first, 'data.taskProgress.at'))) > 0);

    await fail(taskId);
    await fold();
    const second = await events.next();
    assert.equal(at(second, 'data.taskProgress.sequence'), 1);
    assert.deepEqual(at(second, 'data.taskProgress.task.statistics'), { total: 4, states: { pending: 3, failed: 1 } });
  });

  test('each subscriber counts for itself, and leaving one keeps the others', async () => {
    const { taskId } = await aQueuedTask(pool, { recipients: 1 });
    await fold();
    await using stays = subscribe(taskId);
    await stays.next();
    {
      await using leaves = subscribe(taskId);
      assert.equal(at(await leaves.next(), 'data.taskProgress.sequence'), 0);
    }
    await fail(taskId);
    await fold();
    assert.equal(at(await stays.next(), 'data.taskProgress.sequence'), 1);
  });

  test('an unknown task is a clear error', async () => {
    const nobody = '00000000-0000-0000-0000-000000000000';
    await using events = subscribe(nobody);
    const outcome = await events.next().catch((errors: unknown) => ({ errors }));
    assert.equal(at(outcome, 'errors.0.message'), `taskId: there is no task ${nobody}`);
    assert.deepEqual(at(outcome, 'errors.0.extensions'), { code: 'NTFND', field: 'taskId' });
  });

  test('the subscription lives on when the listening connection is killed', async () => {
    const { taskId } = await aDraft(pool);
    await using events = subscribe(taskId);
    await events.next();
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'postilion listen'`,
    );
    assert.equal(at(await events.next(), 'data.taskProgress.sequence'), 1, 'told to look again');
    await fail(taskId);
    await fold();
    assert.deepEqual(at(await events.next(), 'data.taskProgress.task.statistics'), {
      total: 1,
      states: { pending: 0, failed: 1 },
    });
  });

  test('only a page of our own may open a websocket', async () => {
    const open = async (origin: string) => {
      const headers = { origin };
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, {
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
    assert.equal(await open(server.url), true);
  });
});
