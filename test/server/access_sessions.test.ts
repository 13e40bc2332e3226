// Promise: a session begins with the right password only, goes on by a refresh token that works once, and ends when it is told to; nobody
// learns which accounts there are, and no secret gets into the log.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { one } from '../support/scene.ts';
import { aClock, anApiToken, aUser, password } from './access_support.ts';
import { signIn } from './operations.ts';
import { type Answer, at, post, startTestServer, textAt } from './support.ts';

const refreshSession = /* GraphQL */ `
  mutation ($refreshToken: String!) {
    refreshSession(input: { refreshToken: $refreshToken }) { accessToken accessTokenExpiresAt refreshToken user { email } }
  }`;
const changePassword = /* GraphQL */ `
  mutation ($currentPassword: String!, $newPassword: String!) {
    changePassword(input: { currentPassword: $currentPassword, newPassword: $newPassword }) { user { email } }
  }`;
const resetPassword = /* GraphQL */ `
  mutation ($token: String!, $newPassword: String!) {
    resetPassword(input: { token: $token, newPassword: $newPassword }) { isDone }
  }`;
const createUser = /* GraphQL */ `
  mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id email isAdmin } resetToken } }`;
const createApiToken = /* GraphQL */ `
  mutation ($input: CreateApiTokenInput!) { createApiToken(input: $input) { apiToken { id name role isAdmin } token } }`;
const signOut = 'mutation { signOut { user { email } } }';
const me = '{ me { email } }';

suite('sessions', async () => {
  const clock = aClock();
  const { server, pool, logged, data } = await startTestServer({}, { now: clock.now });
  const ask = (query: string, variables: object = {}, authorization?: string) =>
    post(server.url, query, variables, authorization);
  const begin = async (email: string, given = password) =>
    session(await ask(signIn, { email, password: given }), 'signIn');
  const session = (answer: Answer, field: string) => ({
    authorization: `Bearer ${textAt(answer, `data.${field}.accessToken`)}`,
    refreshToken: textAt(answer, `data.${field}.refreshToken`),
    expiresAt: Date.parse(textAt(answer, `data.${field}.accessTokenExpiresAt`)),
  });
  const refusal = (answer: unknown) => {
    const { message, extensions } = Object(at(answer, 'errors.0'));
    return { message, ...extensions };
  };
  const status = async (authorization: string) =>
    (
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: me }),
      })
    ).status;
  const anyone = (name: string) => aUser(pool, `${name}@example.com`);

  test('a session is its user, for 15 minutes', async () => {
    await anyone('quarter');
    const { authorization, expiresAt } = await begin('quarter@example.com');
    assert.deepEqual((await ask(me, {}, authorization)).data, { me: { email: 'quarter@example.com' } });
    const left = expiresAt - clock.now();
    assert.ok(left > 14 * 60_000 && left <= 15 * 60_000);
    clock.advance(left + 1);
    assert.equal(await status(authorization), 401);
  });

  test('the same words for a wrong password, an unknown address, a disabled user and one without a password', async () => {
    await anyone('known');
    await pool.query('select app_public.set_user_disabled($1, true)', [await anyone('disabled')]);
    await pool.query(`select app_private.create_user('elsewhere@example.com', 'x', null, false)`);
    const answers = await Promise.all(
      ['known', 'unknown', 'disabled', 'elsewhere', 'no address'].map((name) =>
        ask(signIn, { email: `${name}@example.com`, password: 'a wrong password' }),
      ),
    );
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.deepEqual(refusal(answers[0]), { message: 'the address or the password is wrong', code: 'AUTHN' });
  });

  test('a refresh token works once; the second use ends the session for both', async () => {
    await anyone('twice');
    const first = await begin('twice@example.com');
    const second = session(await ask(refreshSession, first), 'refreshSession');
    assert.notEqual(second.refreshToken, first.refreshToken);
    assert.equal(await status(second.authorization), 200);
    const stolen = await ask(refreshSession, first);
    assert.equal(refusal(stolen).code, 'AUTHN');
    assert.deepEqual(await ask(refreshSession, second), stolen);
    clock.advance(2_001);
    assert.equal(await status(second.authorization), 401);
  });

  test('of two refreshes at once one wins, and the session ends', async () => {
    await anyone('race');
    const begun = await begin('race@example.com');
    const answers = await Promise.all([ask(refreshSession, begun), ask(refreshSession, begun)]);
    assert.equal(answers.filter(({ errors }) => errors === undefined).length, 1);
  });

  test('what was never a refresh token is refused with the same words', async () => {
    const spent = { message: 'the refresh token is not valid, or not any more: sign in', code: 'AUTHN' };
    const { authorization } = await anApiToken(pool, await anyone('kinds'));
    const others = ['nonsense', '', `psr_${'A'.repeat(43)}`, authorization.replace('Bearer ', '')];
    for (const refreshToken of others) assert.deepEqual(refusal(await ask(refreshSession, { refreshToken })), spent);
  });

  test('who signs out is out within two seconds', async () => {
    await anyone('leaving');
    const begun = await begin('leaving@example.com');
    const left = await ask(signOut, {}, begun.authorization);
    assert.equal(at(left, 'data.signOut.user.email'), 'leaving@example.com');
    clock.advance(2_001);
    assert.equal(await status(begun.authorization), 401);
    assert.equal(refusal(await ask(refreshSession, begun)).code, 'AUTHN');
  });

  test('a changed password ends the other sessions', async () => {
    await anyone('careful');
    const [kept, other] = [await begin('careful@example.com'), await begin('careful@example.com')];
    const newPassword = 'another long password';
    const change = (currentPassword: string, newPassword: string) =>
      ask(changePassword, { currentPassword, newPassword }, kept.authorization);
    assert.equal(refusal(await change('a wrong password', newPassword)).field, 'currentPassword');
    assert.equal(refusal(await change(password, 'short')).field, 'newPassword');
    assert.equal(at(await change(password, newPassword), 'data.changePassword.user.email'), 'careful@example.com');
    clock.advance(2_001);
    assert.deepEqual([await status(kept.authorization), await status(other.authorization)], [200, 401]);
    assert.equal(refusal(await ask(signIn, { email: 'careful@example.com', password })).code, 'AUTHN');
    await begin('careful@example.com', newPassword);
  });

  test('a user without a password sets one with the token that was made, once', async () => {
    const created = await data(createUser, { input: { email: 'New@example.com', name: 'New' } });
    assert.partialDeepStrictEqual(created, { createUser: { user: { email: 'new@example.com', isAdmin: false } } });
    const token = textAt(created, 'createUser.resetToken');
    const newPassword = 'the very first one';
    assert.equal(refusal(await ask(resetPassword, { token, newPassword: 'short' })).field, 'newPassword');
    assert.deepEqual((await ask(resetPassword, { token, newPassword })).data, { resetPassword: { isDone: true } });
    await begin('new@example.com', newPassword);
    assert.equal(refusal(await ask(resetPassword, { token, newPassword })).field, 'token');
    assert.equal(refusal(await ask(resetPassword, { token: 'x', newPassword })).field, 'token');
  });

  test('an admin lets a user set a new password', async () => {
    const userId = await anyone('forgetful');
    const made = await data(
      'mutation ($userId: UUID!) { createPasswordReset(input: { userId: $userId }) { user { email } resetToken } }',
      { userId },
    );
    assert.equal(at(made, 'createPasswordReset.user.email'), 'forgetful@example.com');
    const token = textAt(made, 'createPasswordReset.resetToken');
    await ask(resetPassword, { token, newPassword: 'remembered for now' });
    await begin('forgetful@example.com', 'remembered for now');
  });

  test('users and resets are an admin’s to make', async () => {
    const userId = await anyone('member');
    const { authorization } = await begin('member@example.com');
    const input = { email: 'x@example.com', name: 'x' };
    assert.equal(refusal(await ask(createUser, { input }, authorization)).code, 'FRBDN');
    const reset = `mutation { createPasswordReset(input: { userId: "${userId}" }) { resetToken } }`;
    assert.equal(refusal(await ask(reset, {}, authorization)).code, 'FRBDN');
  });

  test('an API token is told once, may what it was made for, and makes no other', async () => {
    const made = await data(createApiToken, { input: { name: 'reports', role: 'editor' } });
    assert.partialDeepStrictEqual(made, {
      createApiToken: { apiToken: { name: 'reports', role: 'editor', isAdmin: false } },
    });
    const authorization = `Bearer ${textAt(made, 'createApiToken.token')}`;
    assert.equal(await status(authorization), 200);
    const input = { name: 'more', role: 'manager' };
    for (const [query, variables] of [
      [createApiToken, { input }],
      [signOut, {}],
      [changePassword, { currentPassword: password, newPassword: 'a longer password' }],
    ] as const)
      assert.equal(refusal(await ask(query, variables, authorization)).code, 'FRBDN');
    // An admin's token that is not for that runs as a member.
    const workspace = 'mutation { createWorkspace(input: { name: "x" }) { workspace { id } } }';
    assert.equal(refusal(await ask(workspace, {}, authorization)).code, 'FRBDN');
  });

  test('an admin’s token runs the installation, a member can not have one', async () => {
    const input = { name: 'all', role: 'manager', isAdmin: true };
    const made = await data(createApiToken, { input });
    const authorization = `Bearer ${textAt(made, 'createApiToken.token')}`;
    assert.equal(
      (await ask(createUser, { input: { email: 'by@example.com', name: 'by' } }, authorization)).errors,
      undefined,
    );
    await anyone('modest');
    const member = await begin('modest@example.com');
    assert.equal(refusal(await ask(createApiToken, { input }, member.authorization)).field, 'isAdmin');
  });

  test('a revoked token is refused once its look-up is two seconds old', async () => {
    const { id, authorization } = await anApiToken(pool, await anyone('revoked'));
    assert.equal(await status(authorization), 200);
    await data('mutation ($id: UUID!) { revokeApiToken(input: { apiTokenId: $id }) { apiToken { revokedAt } } }', {
      id,
    });
    clock.advance(1_999);
    assert.equal(await status(authorization), 200, 'known from before');
    clock.advance(1);
    assert.equal(await status(authorization), 401);
  });

  test('too many attempts are 429, for an account that exists and for one that does not', async () => {
    await anyone('guessed');
    for (const email of ['guessed@example.com', 'nobody@example.com']) {
      const attempt = () =>
        fetch(`${server.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: signIn, variables: { email, password: 'a wrong password' } }),
        });
      for (let count = 0; count < 10; count++) assert.equal((await attempt()).status, 200);
      const refused = await attempt();
      assert.equal(refused.status, 429);
      assert.equal(refused.headers.get('retry-after'), '900');
      assert.equal(refusal(await refused.json()).code, 'LIMIT');
    }
  });

  test('X-Forwarded-For of somebody who is not trusted changes nothing', async () => {
    const network = await one<string>(pool, 'select network::text from app_private.sign_in_attempts limit 1');
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.7' },
      body: JSON.stringify({ query: signIn, variables: { email: 'far@example.com', password: 'x' } }),
    });
    assert.deepEqual([network, await networks()], ['127.0.0.1/32', ['127.0.0.1/32']]);
  });

  const networks = () =>
    one<string[]>(pool, 'select array_agg(distinct network::text) from app_private.sign_in_attempts');

  test('no secret is in the log', async () => {
    const { rows } = await pool.query(`select 1 from app_private.sessions`);
    assert.ok(rows.length > 0);
    assert.doesNotMatch(logged(), /p(st|sr|sp)_[\w-]{20}|eyJ|argon2|correct horse|a wrong password/);
  });
});

suite('behind a proxy', async () => {
  const { server, pool } = await startTestServer({ TRUSTED_PROXIES: '127.0.0.0/8' });

  test('attempts are counted by the address that a trusted proxy tells', async () => {
    await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.1, 192.0.2.7' },
      body: JSON.stringify({ query: signIn, variables: { email: 'far@example.com', password: 'x' } }),
    });
    assert.equal(await one(pool, 'select network::text from app_private.sign_in_attempts'), '192.0.2.7/32');
  });
});
