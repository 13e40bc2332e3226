// Promise: the server says whether it can serve, outlives its database connections, and lets go of everything when it is closed.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { eventually } from '../support/eventually.ts';
import { aDraft, one } from '../support/scene.ts';
import { taskProgress } from './operations.ts';
import { startTestServer } from './support.ts';

suite('lifecycle', async () => {
  const { server, pool, data, graphql, authorization } = await startTestServer();
  const status = async (path: string) => (await fetch(`${server.url}${path}`)).status;
  const connections = () =>
    one<number>(
      pool,
      `select count(*)::integer from pg_stat_activity
        where datname = current_database() and application_name ~ '^postilion (access|graphql|intake|listen)$'`,
    );

  test('it lives and is ready', async () => {
    assert.equal(await status('/healthz'), 200);
    assert.equal(await status('/readyz'), 200);
    assert.equal(await status('/nothing'), 401);
  });

  test('answers carry headers against sniffing, framing and leaking tokens', async () => {
    const { headers } = await fetch(`${server.url}/healthz`);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.equal(headers.get('content-security-policy'), "frame-ancestors 'none'");
    assert.equal(headers.get('referrer-policy'), 'no-referrer');
  });

  test('Ruru is for development only', async () => {
    const asAdmin = { headers: { authorization: await authorization() } };
    assert.equal((await fetch(`${server.url}/ruru`, asAdmin)).status, 404);
    const development = await startTestServer({ NODE_ENV: 'development' });
    assert.equal((await fetch(`${development.server.url}/ruru`)).status, 200);
  });

  test('all connections may break', async () => {
    await data('{ tasks { totalCount } }');
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name ~ '^postilion (access|graphql|intake|listen)$'`,
    );
    await eventually(
      () => status('/readyz'),
      (code) => code === 200,
    );
    await eventually(
      () => graphql('{ tasks { totalCount } }'),
      ({ errors }) => errors === undefined,
    );
  });

  test('closing ends websockets and leaves no connection', async () => {
    const { taskId } = await aDraft(pool);
    const closed = Promise.withResolvers<unknown>();
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      retryAttempts: 0,
      connectionParams: { authorization: await authorization() },
      on: { closed: (event) => closed.resolve(event) },
    });
    const events = client.iterate({ query: taskProgress, variables: { taskId } });
    await events.next();
    const ended = events.next().catch(() => 'ended');
    await Promise.all([server.close(), server.close()]);
    assert.equal(Object(await closed.promise).code, 1001);
    await ended;
    assert.equal(await eventually(connections, (count) => count === 0), 0);
    await assert.rejects(fetch(`${server.url}/healthz`));
  });
});
