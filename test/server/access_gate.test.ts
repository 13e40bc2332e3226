// Promise: without a token there is nothing but health, tracking, unsubscribe, webhooks and the beginning of a session.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { newToken } from '../../src/server/access/tokens.ts';
import { aClock, anApiToken, aUser, password } from './access_support.ts';
import { signIn } from './operations.ts';
import { at, startTestServer } from './support.ts';

suite('the gate', async () => {
  const started = await startTestServer(
    { CORS_ORIGINS: 'https://app.example.com, http://127.0.0.1:3000' },
    // It stands still, so that nothing is forgiven meanwhile.
    { now: aClock().now },
  );
  const { server, pool, authorization } = started;
  const ask = (method: string, path: string, init: RequestInit = {}) =>
    fetch(`${server.url}${path}`, { method, redirect: 'manual', ...init });
  const json = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const postGraphql = (body: unknown, headers?: Record<string, string>) => ask('POST', '/graphql', json(body, headers));

  const open: [string, string, number][] = [
    ['GET', '/healthz', 200],
    ['GET', '/readyz', 200],
    ['GET', '/api/webhooks/mail-event', 200],
    ['POST', '/api/webhooks/mail-event', 200],
    ['GET', '/api/webhooks/engagelab/guessed', 200],
    ['GET', '/api/tracking/open/guessed', 200],
    ['GET', '/api/tracking/click/guessed', 404],
    ['GET', '/api/tracking/unsubscribe/guessed', 404],
    ['POST', '/api/tracking/unsubscribe/guessed', 404],
  ];
  for (const [method, path, status] of open)
    test(`${method} ${path} needs no token`, async () => {
      assert.equal((await ask(method, path)).status, status);
    });

  const shut = [
    ['GET', '/'],
    ['GET', '/nothing'],
    ['GET', '/graphql'],
    ['GET', '/graphql?query={__typename}'],
    ['HEAD', '/graphql'],
    ['PUT', '/graphql'],
    ['POST', '/graphql'],
    ['POST', '/graphql/'],
    ['GET', '/graphql/stream'],
    ['GET', '/ruru'],
    ['GET', '/ruru-static/ruru.js'],
    ['POST', '/api/contacts/import'],
    ['DELETE', '/healthz'],
    ['GET', '/api/webhooks'],
    ['GET', '/api/tracking/open'],
  ] as const;
  /** GraphQL's clients are answered in their own form. */
  const unknownAt = (path: string) => {
    const [code, message] = ['AUTHN', 'a token is needed: sign in'];
    return path.replace(/\?.*/, '') === '/graphql'
      ? { errors: [{ message, extensions: { code } }] }
      : { code, message };
  };
  for (const [method, path] of shut)
    test(`${method} ${path} without a token is 401`, async () => {
      const response = await ask(method, path);
      assert.equal(response.status, 401);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="postilion"');
      if (method !== 'HEAD') assert.deepEqual(await response.json(), unknownAt(path));
    });

  const wrong = ['Bearer nonsense', 'Bearer pst_nonsense', 'Basic YTpi', 'Bearer', `Bearer pst_${'A'.repeat(43)}`];
  // Unsigned, as a forger would like it; and signed with a key that is not ours.
  const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
  const claims = Buffer.from('{"sid":"00000000-0000-0000-0000-000000000000","exp":9999999999}').toString('base64url');
  for (const given of [...wrong, `Bearer ${header}.${claims}.`, `Bearer ${header}.${claims}.${'A'.repeat(43)}`])
    test(`a wrong token: ${given.slice(0, 30)}`, async () => {
      const response = await postGraphql({ query: '{ __typename }' }, { authorization: given });
      assert.equal(response.status, 401);
      assert.match(response.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
      assert.equal(at(await response.json(), 'errors.0.extensions.code'), 'AUTHN');
    });

  const notBeginnings = {
    'a query': '{ workspaces { nodes { id } } }',
    introspection: '{ __schema { types { name } } }',
    '__typename alone': 'mutation { __typename }',
    'another mutation': 'mutation { signOut { user { id } } }',
    'one beside it': `${signIn.trim().slice(0, -1)} createWorkspace(input: { name: "x" }) { workspace { id } } }`,
    'two at once':
      'mutation { a: signIn(input: { email: "a@b", password: "c" }) { accessToken } b: signIn(input: { email: "a@b", password: "d" }) { accessToken } }',
    'behind a fragment':
      'mutation { ...f } fragment f on Mutation { signIn(input: { email: "a", password: "b" }) { accessToken } }',
    'behind an inline fragment': 'mutation { ... { signIn(input: { email: "a", password: "b" }) { accessToken } } }',
    'two operations': `${signIn} query Other { workspaces { nodes { id } } }`,
    'a name that is an alias': 'mutation { signIn: createWorkspace(input: { name: "x" }) { workspace { id } } }',
    nonsense: 'signIn',
  };
  for (const [what, query] of Object.entries(notBeginnings))
    test(`not the beginning of a session: ${what}`, async () => {
      assert.equal((await postGraphql({ query, operationName: null })).status, 401);
    });

  test('a body of another form begins nothing', async () => {
    const body = JSON.stringify({ query: signIn, variables: { email: 'a@example.com', password: 'x' } });
    const status = async (init: RequestInit) => (await ask('POST', '/graphql', init)).status;
    assert.equal(await status({ body, headers: { 'content-type': 'text/plain' } }), 401);
    assert.equal(
      await status({ body: 'query=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      401,
    );
    assert.equal(await status(json([JSON.parse(body)])), 401);
    assert.equal(await status(json(null)), 401);
    assert.equal(await status({ ...json({}), body: body.slice(1) }), 401);
    assert.equal(await status(json({ ...JSON.parse(body), padding: 'x'.repeat(30_000) })), 401);
  });

  test('a session begins without a token, and beside an expired one', async () => {
    await aUser(pool, 'reader@example.com');
    const variables = { email: 'Reader@example.com', password };
    for (const headers of [undefined, { authorization: 'Bearer old' }]) {
      const response = await postGraphql({ query: signIn, variables }, headers);
      assert.equal(response.status, 200);
      const { data } = Object(await response.json());
      assert.equal(data.signIn.user.email, 'reader@example.com');
    }
  });

  test('a token lets in, in whatever case its scheme is written', async () => {
    const given = await authorization();
    for (const each of [given, given.replace('Bearer', 'bearer')])
      assert.equal((await postGraphql({ query: '{ __typename }' }, { authorization: each })).status, 200);
  });

  test('what a token may not do is FRBDN, what it may not see is not there', async () => {
    const { authorization } = await anApiToken(pool, await aUser(pool, 'nobody@example.com'));
    const answerTo = async (query: string) => Object(await (await postGraphql({ query }, { authorization })).json());
    const created = await answerTo('mutation { createWorkspace(input: { name: "x" }) { workspace { id } } }');
    assert.equal(created.errors[0].extensions.code, 'FRBDN');
    assert.deepEqual((await answerTo('{ workspaces { totalCount } }')).data, { workspaces: { totalCount: 0 } });
  });

  test('pages of the origins that are configured may ask, others may not', async () => {
    const preflight = (origin: string) =>
      ask('OPTIONS', '/graphql', { headers: { origin, 'access-control-request-method': 'POST' } });
    const allowed = await preflight('https://app.example.com');
    assert.equal(allowed.status, 204);
    assert.equal(allowed.headers.get('access-control-allow-origin'), 'https://app.example.com');
    assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /authorization/);
    assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
    const refused = await preflight('https://elsewhere.example');
    assert.equal(refused.status, 401);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
    // So that a page can tell a refusal from a network that is down.
    const anonymous = await postGraphql({ query: '{ __typename }' }, { origin: 'http://127.0.0.1:3000' });
    assert.equal(anonymous.status, 401);
    assert.equal(anonymous.headers.get('access-control-allow-origin'), 'http://127.0.0.1:3000');
  });

  // The last: from then on this address has used up its wrong tokens.
  test('who shows many wrong tokens is told when to come again; a token that was right before goes on', async () => {
    const known = await anApiToken(pool, await aUser(pool, 'known@example.com'));
    const show = (authorization: string) => postGraphql({ query: '{ __typename }' }, { authorization });
    assert.equal((await show(known.authorization)).status, 200);
    const answers = await Promise.all(Array.from({ length: 80 }, () => show(`Bearer ${newToken('api').text}`)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [401, 429]);
    const refused = answers.find(({ status }) => status === 429);
    assert.match(refused?.headers.get('retry-after') ?? '', /^[1-9]$/);
    assert.equal(at(await refused?.json(), 'errors.0.extensions.code'), 'LIMIT');
    assert.equal((await show(known.authorization)).status, 200);
    assert.equal((await show(await authorization())).status, 200, 'and so does a session');
  });
});
