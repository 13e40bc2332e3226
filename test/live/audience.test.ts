// Promise: however many listen, it is one connection that does; a campaign of any size is announced once a second; a server that closes leaves nobody waiting.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import pg from 'pg';
import { applyEvents } from '../../src/database/events/apply_events.ts';
import { anEventWorld } from '../events/world.ts';
import { anEvent, softBounceLimit } from '../queue/model/words.ts';
import { taskProgress } from '../server/operations.ts';
import { at, startTestServer } from '../server/support.ts';
import { aQueuedTask, one } from '../support/scene.ts';
import { serviceStatus } from './operations.ts';
import { connect, subscribe } from './subscriber.ts';
import { announce } from './support.ts';

suite('an audience', async () => {
  const place = await startTestServer();
  const { server, pool, url } = place;

  test('1,000 subscribers are one LISTEN connection, and all are told', async () => {
    const tasks = await Promise.all(Array.from({ length: 5 }, () => aQueuedTask(pool, { recipients: 1 })));
    await announce(pool);
    const clients = Array.from({ length: 10 }, () => connect(place));
    const heard = clients.flatMap((client) =>
      Array.from({ length: 100 }, (_, number) =>
        client.iterate({ query: taskProgress, variables: { taskId: tasks[number % tasks.length]?.taskId } }),
      ),
    );
    const next = async () => {
      const answers = await Promise.all(heard.map((messages) => messages.next()));
      return answers.map(({ value }) => at(value, 'data.taskProgress.task.status'));
    };
    assert.deepEqual(new Set(await next()), new Set(['queued']));
    const connections = await one<number>(
      pool,
      `select count(*)::integer from pg_stat_activity where datname = current_database() and application_name = 'postilion listen'`,
    );
    assert.equal(connections, 1);
    for (const { taskId } of tasks) await pool.query('select app_public.pause_task($1)', [taskId]);
    const told = await next();
    assert.equal(told.length, 1_000);
    assert.deepEqual(new Set(told), new Set(['paused']));
    await Promise.all(clients.map((client) => client.dispose()));
  });

  test('1,000 mails and what became of them are one announcement for each subject', async () => {
    const ear = new pg.Client({ connectionString: url });
    await ear.connect();
    try {
      const heard: string[] = [];
      ear.on('notification', ({ channel }) => void heard.push(channel));
      // Whatever anybody could have listened to before it was there.
      const { workspaceId, taskIds, mails } = await anEventWorld(pool, { contacts: 1_000 });
      const channels = ['services', 'alerts', `events:${workspaceId}`, `task:${taskIds[0]}`];
      for (const channel of channels) await ear.query(`listen ${pg.escapeIdentifier(channel)}`);
      for (let from = 0; from < mails.length; from += 100) {
        const some = mails.slice(from, from + 100).map(({ id }) => anEvent(id, 'delivered'));
        await applyEvents(pool, some, softBounceLimit);
      }
      await ear.query('select 1');
      assert.deepEqual(heard, []);
      await announce(pool);
      await ear.query('select 1');
      assert.deepEqual(heard.toSorted(), ['services', `events:${workspaceId}`, `task:${taskIds[0]}`].toSorted());
    } finally {
      await ear.end();
    }
  });

  test('a server that closes ends every subscription', async () => {
    const { taskId } = await aQueuedTask(pool);
    await using progress = subscribe(place, taskProgress, { taskId });
    await using status = subscribe(place, serviceStatus);
    await Promise.all([progress.next(), status.next()]);
    const ended = Promise.all([progress.ended(), status.ended()]);
    await server.close();
    await ended;
    await assert.rejects(fetch(server.url));
  });
});
