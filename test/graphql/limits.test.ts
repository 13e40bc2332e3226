// Promise: no request can ask for more than its bounds: how deep, how wide, how many objects, how long a text, how often; and none is worked for
// after its client has gone.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { createClient } from 'graphql-ws';
import { TokenBuckets } from '../../src/server/token_buckets.ts';
import { anApiToken, aUser } from '../server/access_support.ts';
import { at, startTestServer, textAt } from '../server/support.ts';
import { eventually } from '../support/eventually.ts';
import { aService, one } from '../support/scene.ts';

suite('limits', async () => {
  const { graphql, data, pool, server, authorization } = await startTestServer({ GRAPHQL_MAX_COST: '2000' });
  const refusal = async (query: string, variables: object = {}) => {
    const { errors } = await graphql(query, variables);
    return errors?.[0]?.message ?? null;
  };
  const post = async (body: string, init: RequestInit = {}) => {
    const headers = { 'content-type': 'application/json', authorization: await authorization() };
    return fetch(`${server.url}/graphql`, { method: 'POST', headers, body, ...init });
  };

  test('depth, also through fragments', async () => {
    const deep = (levels: number) => `${'tasks { nodes { workspace { '.repeat(levels)} id ${'} } }'.repeat(levels)}`;
    assert.equal(await refusal(`{ workspaces(first: 1) { nodes { ${deep(1)} } } }`), null);
    assert.match(
      String(await refusal(`{ workspaces(first: 1) { nodes { ${deep(6)} } } }`)),
      /^this request has 21 fields/,
    );
    const spread = `fragment F on Workspace { ${deep(5)} } { workspaces(first: 1) { nodes { ...F } } }`;
    assert.match(String(await refusal(spread)), /fields within each other/);
  });

  test('a fragment that holds itself is refused, not followed', async () => {
    const loop = 'fragment F on Workspace { tasks { nodes { workspace { ...F } } } } { workspaces { nodes { ...F } } }';
    assert.match(String(await refusal(loop)), /Cannot spread fragment "F" within itself/);
  });

  test('fields at the root, and aliases', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => `a${i}: inboxBacklog`).join(' ');
    assert.equal(await refusal(`{ ${many(25)} }`), null);
    assert.match(String(await refusal(`{ ${many(26)} }`)), /26 fields at its root/);
    const within = Array.from({ length: 101 }, (_, i) => `a${i}: id`).join(' ');
    assert.match(String(await refusal(`{ tasks(first: 1) { nodes { ${within} } } }`)), /101 aliases/);
  });

  test('objects, by the page sizes given, in variables, and not given', async () => {
    const nested = 'query ($n: Int) { workspaces(first: $n) { nodes { tasks(first: 100) { nodes { id } } } } }';
    assert.equal(await refusal(nested, { n: 5 }), null);
    assert.match(String(await refusal(nested, { n: 100 })), /may answer with \d+ objects; at most 2000/);
    assert.match(String(await refusal('{ workspaces { nodes { tasks { nodes { id } } } } }')), /at most 2000/);
    assert.match(String(await refusal('{ tasks { nodes { statisticsDrift } } }')), /at most 2000/);
    assert.equal(await refusal('{ tasks(first: 20) { nodes { statistics { total } services { name } } } }'), null);
  });

  test('the text, and several requests in one', async () => {
    assert.match(String(await refusal(`{ inboxBacklog } #${'x'.repeat(100_000)}`)), /100000 characters/);
    const batch = await post('[{"query":"{ inboxBacklog }"},{"query":"{ inboxBacklog }"}]');
    assert.equal(batch.status, 400);
  });

  test('a request whose client has gone ends its statement, and the connection serves the next', async () => {
    const id = await aService(pool);
    const holder = await pool.connect();
    after(() => holder.release(true));
    await holder.query('begin');
    await holder.query('select from app_public.email_services where id = $1 for update', [id]);
    const gone = new AbortController();
    const body = JSON.stringify({
      query:
        'mutation ($id: UUID!) { updateEmailService(input: { id: $id, patch: { ratePerSecond: 7 } }) { emailService { id } } }',
      variables: { id },
    });
    const answer = post(body, { signal: gone.signal });
    const waiting = () =>
      one<number>(
        pool,
        `select count(*)::integer from pg_stat_activity
          where datname = current_database() and application_name = 'postilion graphql' and wait_event_type = 'Lock'`,
      );
    await eventually(waiting, (count) => count === 1);
    gone.abort();
    await assert.rejects(answer, { name: 'AbortError' });
    await eventually(waiting, (count) => count === 0);
    await holder.query('rollback');
    const found = await data('query ($id: UUID!) { emailService(id: $id) { ratePerSecond } }', { id });
    assert.equal(at(found, 'emailService.ratePerSecond'), null);
  });
});

suite('how often', async () => {
  const { data, pool, server, authorization } = await startTestServer({ RATE_LIMIT_PER_MINUTE: '3' });

  test('beyond its rate a token is told when to come again; another one is not', async () => {
    const ask = (token: string) =>
      fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: token },
        body: '{"query":"{ inboxBacklog }"}',
      });
    const made = await data('mutation { createApiToken(input: { name: "other", role: viewer }) { token } }');
    const session = await authorization();
    for (let i = 1; i < 3; i++) assert.equal((await ask(session)).status, 200);
    const refused = await ask(session);
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers.get('retry-after')) > 0);
    assert.equal(at(await refused.json(), 'errors.0.extensions.code'), 'LIMIT');
    assert.equal((await ask(`Bearer ${textAt(made, 'createApiToken.token')}`)).status, 200);
  });

  test('so is who asks over a websocket, operation by operation; messages of a subscription are none', async () => {
    const { authorization } = await anApiToken(pool, await aUser(pool, 'listener@example.com'));
    const client = createClient({
      url: `${server.url.replace('http', 'ws')}/graphql`,
      retryAttempts: 0,
      connectionParams: { authorization },
    });
    const ask = async (query: string) => {
      const answers = client.iterate({ query });
      const { value } = await answers.next();
      await answers.return?.();
      return value;
    };
    for (const query of ['{ me { id } }', 'subscription { alerts { sequence } }', '{ me { id } }'])
      assert.equal(at(await ask(query), 'errors'), undefined, query);
    for (const query of ['{ me { id } }', 'subscription { alerts { sequence } }'])
      assert.equal(at(await ask(query), 'errors.0.extensions.code'), 'LIMIT', query);
    await client.dispose();
  });

  test('a bucket fills steadily, and one that nobody uses is forgotten', () => {
    let now = 0;
    const buckets = new TokenBuckets(60, () => now);
    for (let i = 0; i < 60; i++) assert.equal(buckets.take('a'), 0);
    assert.equal(buckets.take('a'), 1);
    now = 999;
    assert.equal(buckets.take('a'), 1);
    now = 1000;
    assert.equal(buckets.take('a'), 0);
    assert.equal(buckets.take('a'), 1);
    now = 1_000_000;
    assert.equal(buckets.take('b'), 0);
    assert.equal(buckets.size, 1);
  });
});

suite('in production', async () => {
  const { graphql } = await startTestServer({ NODE_ENV: 'production' });

  test('the schema is not told, in whole or by suggestions', async () => {
    const introspection = await graphql('{ __schema { types { name } } }');
    assert.match(String(introspection.errors?.[0]?.message), /introspection/);
    const misspelt = await graphql('{ taskz { nodes { id } } }');
    assert.equal(misspelt.errors?.[0]?.message, 'Cannot query field "taskz" on type "Query".');
    const value = await graphql('query ($s: [TaskStatus!]) { tasks(filter: { status: $s }) { nodes { id } } }', {
      s: ['quued'],
    });
    assert.doesNotMatch(String(value.errors?.[0]?.message), /Did you mean/);
  });
});
