// Promise: a websocket is for those we know, as long as we know them, and no malformed frame hurts the server.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { aDraft, one } from '../support/scene.ts';
import { aClock, anApiToken, aUser } from './access_support.ts';
import { taskProgress } from './operations.ts';
import { at, startTestServer } from './support.ts';

suite('websockets', async () => {
  const clock = aClock();
  const { server, pool, authorization } = await startTestServer(
    { CORS_ORIGINS: 'https://app.example.com' },
    { now: clock.now },
  );
  const url = `${server.url.replace('http', 'ws')}/graphql`;
  const { taskId, workspaceId } = await aDraft(pool);

  /** Speaks the protocol by hand, so that what a client library would not do can be tried. */
  const open = async (headers: Record<string, string> = {}) => {
    const socket = new WebSocket(url, { protocols: 'graphql-transport-ws', headers });
    const closed = Promise.withResolvers<{ code: number; reason: string }>();
    const acknowledged = Promise.withResolvers<void>();
    socket.addEventListener('close', closed.resolve);
    socket.addEventListener(
      'message',
      ({ data }) => JSON.parse(data).type === 'connection_ack' && acknowledged.resolve(),
    );
    await once(socket, 'open');
    const send = (message: unknown) => socket.send(JSON.stringify(message));
    return { socket, send, closed: closed.promise, acknowledged: acknowledged.promise };
  };
  const closeCode = async (...messages: object[]) => {
    const { send, closed } = await open();
    for (const message of messages) send(message);
    return (await closed).code;
  };
  const init = (payload?: object) => ({ type: 'connection_init', payload });
  const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ __typename }' } };

  const subscription = (given: string) => {
    const closed = Promise.withResolvers<unknown>();
    const client = createClient({
      url,
      retryAttempts: 0,
      connectionParams: { authorization: given },
      on: { closed: closed.resolve },
    });
    const events = client.iterate({ query: taskProgress, variables: { taskId } });
    return {
      next: async () => (await events.next()).value,
      /** The code that the socket is closed with, after an event. */
      async end() {
        const failed = events.next().catch(() => null);
        await pool.query(`select pg_notify('task:' || $1, '')`, [taskId]);
        const code: unknown = Object(await closed.promise).code;
        await failed;
        return code;
      },
      [Symbol.asyncDispose]: async () => client.dispose(),
    };
  };
  const member = async (email: string, role: string) => {
    const userId = await aUser(pool, email);
    await pool.query('insert into app_public.memberships (workspace_id, user_id, role) values ($1, $2, $3)', [
      workspaceId,
      userId,
      role,
    ]);
    return userId;
  };

  test('nobody without a token: 4401', async () => {
    assert.equal(await closeCode(init()), 4401);
    assert.equal(await closeCode(init({ other: 'x' })), 4401);
    assert.equal(await closeCode(subscribe), 4401);
  });

  test('nobody with a wrong one: 4403; what comes before the answer to it is nobody’s: 4401', async () => {
    assert.equal(await closeCode(init({ authorization: 'Bearer nonsense' })), 4403);
    assert.equal(await closeCode(init({ authorization: `Bearer pst_${'A'.repeat(43)}` }), subscribe), 4401);
  });

  test('a token lets in, whatever case its key is in', async () => {
    const { send, acknowledged, socket } = await open();
    send(init({ Authorization: await authorization() }));
    await acknowledged;
    socket.close();
  });

  test('a revoked token ends its subscription at the next event', async () => {
    const token = await anApiToken(pool, await member('viewer@example.com', 'viewer'));
    await using events = subscription(token.authorization);
    assert.equal(at(await events.next(), 'data.taskProgress.task.id'), taskId);
    await pool.query('select app_public.revoke_api_token($1)', [token.id]);
    clock.advance(2_001);
    assert.equal(await events.end(), 4403);
  });

  test('so does a session that ended, and one whose rights changed', async () => {
    await using ending = subscription(await authorization());
    await ending.next();
    const admin = await one<string>(pool, `select id from app_public.users where email = 'admin@example.com'`);
    await aUser(pool, 'second@example.com', { isAdmin: true });
    await pool.query('select app_public.set_user_admin($1, false)', [admin]);
    clock.advance(2_001);
    assert.equal(await ending.end(), 4403, 'no admin any more');
    await pool.query('select app_public.set_user_admin($1, true)', [admin]);
    clock.advance(2_001);
    await using again = subscription(await authorization());
    await again.next();
    await pool.query('delete from app_private.sessions where user_id = $1', [admin]);
    clock.advance(2_001);
    assert.equal(await again.end(), 4403, 'the session ended');
  });

  test('a member who was removed sees the Task no more, though the socket stays', async () => {
    const userId = await member('leaver@example.com', 'viewer');
    await using events = subscription((await anApiToken(pool, userId)).authorization);
    await events.next();
    await pool.query('delete from app_public.memberships where user_id = $1', [userId]);
    await pool.query(`select pg_notify('task:' || $1, '')`, [taskId]);
    const outcome = await events.next().catch((errors: unknown) => ({ errors }));
    assert.equal(at(outcome, 'errors.0.message'), `taskId: there is no task ${taskId}`);
  });

  test('a stranger’s Task is no Task', async () => {
    const { authorization } = await anApiToken(pool, await aUser(pool, 'stranger@example.com'));
    await using events = subscription(authorization);
    const outcome = await events.next().catch((errors: unknown) => ({ errors }));
    assert.equal(at(outcome, 'errors.0.message'), `taskId: there is no task ${taskId}`);
  });

  test('pages of the configured origins may open one', async () => {
    const { socket } = await open({ origin: 'https://app.example.com' });
    socket.close();
  });

  test('before being let in nobody sends more than a token needs; afterwards a whole operation', async () => {
    const long = 'x'.repeat(100_000);
    const { authorization } = await anApiToken(pool, await aUser(pool, 'talker@example.com'));
    const { send, closed } = await open();
    send(init({ authorization, long }));
    // 1006: who is still sending may meet the end of the connection before the frame that says why.
    assert.ok([1009, 1006].includes((await closed).code));
    const admitted = await open();
    admitted.send(init({ authorization }));
    await admitted.acknowledged;
    const answered = Promise.withResolvers<unknown>();
    admitted.socket.addEventListener('message', ({ data }) => answered.resolve(JSON.parse(data)));
    admitted.send({ ...subscribe, payload: { query: `{ __typename }`, variables: { long } } });
    assert.equal(at(await answered.promise, 'type'), 'next');
    admitted.socket.close();
  });

  test('a frame against the protocol ends that socket alone', async () => {
    const raw = connect(server.port, '127.0.0.1');
    raw.write(
      [
        'GET /graphql HTTP/1.1',
        'Host: 127.0.0.1',
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
        'Sec-WebSocket-Protocol: graphql-transport-ws',
        '\r\n',
      ].join('\r\n'),
    );
    await once(raw, 'data');
    // A reserved opcode, unmasked.
    raw.end(Buffer.of(0xf3, 0xff, 0xff));
    raw.resume();
    await once(raw, 'close');
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  });
});
