// Promise: a client's address is believed only to those who are trusted with it; a token is looked up once for all who ask at the same time;
// and no more passwords are hashed at once than the machine bears.
import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { suite, test } from 'node:test';
import { loadConfig } from '../../src/config.ts';
import type { Claims } from '../../src/database/access/session_claims.ts';
import { AccessTokens } from '../../src/server/access/access_tokens.ts';
import { Authenticator } from '../../src/server/access/authenticator.ts';
import { clientAddress, proxyList } from '../../src/server/access/client_address.ts';
import { hashPassword, isPassword } from '../../src/server/access/passwords.ts';
import { hashOfToken, newToken } from '../../src/server/access/tokens.ts';
import { Turns } from '../../src/server/access/turns.ts';
import { Visit } from '../../src/server/access/visit.ts';
import { aClock } from './access_support.ts';

const someone: Claims = {
  userId: '00000000-0000-0000-0000-000000000001',
  isAdmin: false,
  sessionId: null,
  tokenId: '00000000-0000-0000-0000-000000000002',
  tokenRole: 'viewer',
  tokenWorkspaceId: null,
};

suite('the address of a client', () => {
  const addressOf = (from: string, forwarded: string | undefined, proxies: string[]) => {
    const socket = new Socket();
    Object.defineProperty(socket, 'remoteAddress', { value: from });
    const request = new IncomingMessage(socket);
    if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
    return clientAddress(request, proxyList(proxies));
  };

  for (const [what, from, forwarded, proxies, expected] of [
    ['nobody is trusted by default', '10.0.0.1', '192.0.2.1', [], '10.0.0.1'],
    ['a trusted proxy tells', '10.0.0.1', '192.0.2.1', ['10.0.0.0/8'], '192.0.2.1'],
    ['a lie before it is not read', '10.0.0.1', '203.0.113.9, 192.0.2.1', ['10.0.0.1'], '192.0.2.1'],
    ['a chain of proxies', '10.0.0.1', '192.0.2.1, 10.0.0.2', ['10.0.0.0/8'], '192.0.2.1'],
    ['all of them trusted', '10.0.0.1', '10.0.0.3, 10.0.0.2', ['10.0.0.0/8'], '10.0.0.3'],
    ['a stranger who pretends', '198.51.100.1', '192.0.2.1', ['10.0.0.0/8'], '198.51.100.1'],
    ['no header', '10.0.0.1', undefined, ['10.0.0.0/8'], '10.0.0.1'],
    ['no address in it', '10.0.0.1', 'unknown', ['10.0.0.0/8'], '10.0.0.1'],
    ['a socket for both families', '::ffff:10.0.0.1', '2001:db8::1', ['10.0.0.1'], '2001:db8::1'],
    ['IPv6', 'fd00::1', '::ffff:192.0.2.1', ['fd00::/8'], '192.0.2.1'],
    ['gone', '', '192.0.2.1', ['10.0.0.0/8'], null],
  ] as const)
    test(what, () => assert.equal(addressOf(from, forwarded, [...proxies]), expected));

  test('what can not be a proxy or an origin is named', () => {
    for (const wrong of ['10.0.0', '10.0.0.0/33', 'proxy.example', '10.0.0.1/x', '::1/129'])
      assert.throws(() => loadConfig({ TRUSTED_PROXIES: wrong }), /TRUSTED_PROXIES/);
    for (const wrong of ['app.example.com', 'https://app.example.com/', '*', 'ftp://app.example.com'])
      assert.throws(() => loadConfig({ CORS_ORIGINS: wrong }), /CORS_ORIGINS/);
  });
});

suite('authentication', () => {
  const scene = () => {
    const clock = aClock();
    const accessTokens = new AccessTokens(Buffer.alloc(32, 1), clock.now);
    const asked: Buffer[] = [];
    const answers = { claims: Promise.resolve<Claims | null>(someone) };
    const ask = (hash: Buffer) => {
      asked.push(hash);
      return answers.claims;
    };
    const ofSession = () => answers.claims;
    const authenticator = new Authenticator({ accessTokens, ofSession, ofToken: ask, now: clock.now });
    return { clock, accessTokens, asked, answers, authenticator };
  };

  test('all who ask while an answer is on its way, or fresh, share it', async () => {
    const { clock, asked, authenticator } = scene();
    const { text, hash } = newToken('api');
    const ask = () => authenticator.authenticate(`Bearer ${text}`);
    assert.deepEqual(await Promise.all([ask(), ask(), ask()]), [someone, someone, someone]);
    clock.advance(1_999);
    await ask();
    assert.deepEqual(asked, [hash]);
    clock.advance(1);
    await ask();
    assert.equal(asked.length, 2);
  });

  test('a failure is nobody’s answer but theirs who asked', async () => {
    const { answers, authenticator } = scene();
    const authorization = `Bearer ${newToken('api').text}`;
    answers.claims = Promise.reject(new Error('the database is away'));
    await assert.rejects(authenticator.authenticate(authorization), /away/);
    answers.claims = Promise.resolve(someone);
    assert.equal(await authenticator.authenticate(authorization), someone);
  });

  test('a wrong token is not remembered', async () => {
    const { answers, authenticator } = scene();
    const authorization = `Bearer ${newToken('api').text}`;
    answers.claims = Promise.resolve(null);
    assert.equal(await authenticator.authenticate(authorization), null);
    answers.claims = Promise.resolve(someone);
    assert.equal(await authenticator.authenticate(authorization), someone);
  });

  test('an access token of another key, changed or expired, is none', async () => {
    const { clock, accessTokens, authenticator } = scene();
    const session = '00000000-0000-4000-8000-000000000003';
    const { text } = await accessTokens.issue(session);
    const other = await new AccessTokens(Buffer.alloc(32, 2), clock.now).issue(session);
    const [head, , mark] = text.split('.');
    const changed = `${head}.${Buffer.from(JSON.stringify({ sid: session, exp: 9e9 })).toString('base64url')}.${mark}`;
    assert.equal(await authenticator.authenticate(`Bearer ${text}`), someone);
    for (const wrong of [other.text, changed]) assert.equal(await authenticator.authenticate(`Bearer ${wrong}`), null);
    clock.advance(15 * 60_000);
    assert.equal(await authenticator.authenticate(`Bearer ${text}`), null);
  });

  test('an access token expires while its look-up is fresh', async () => {
    const { clock, accessTokens, authenticator } = scene();
    const { text, expiresAt } = await accessTokens.issue('00000000-0000-4000-8000-000000000003');
    clock.advance(expiresAt.getTime() - clock.now() - 1);
    assert.equal(await authenticator.authenticate(`Bearer ${text}`), someone);
    clock.advance(1);
    assert.equal(await authenticator.authenticate(`Bearer ${text}`), null);
  });

  test('a token of one kind is none of another', () => {
    const { text, hash } = newToken('refresh');
    assert.deepEqual(hashOfToken('refresh', text), hash);
    assert.equal(hashOfToken('api', text), null);
    assert.equal(hashOfToken('refresh', `${text}x`), null);
  });
});

suite('a visit', () => {
  test('what the database is told replaces all that was told before', () => {
    const visit = new Visit(someone, null);
    const { pgSettings } = visit;
    assert.partialDeepStrictEqual(pgSettings, { role: 'postilion_user', 'postilion.token_role': 'viewer' });
    visit.become({ ...someone, isAdmin: true, tokenRole: null, tokenId: null });
    assert.equal(visit.pgSettings, pgSettings);
    assert.partialDeepStrictEqual(pgSettings, { role: 'postilion_admin', 'postilion.token_role': '' });
    visit.become(null);
    assert.partialDeepStrictEqual(pgSettings, { role: 'postilion_visitor', 'postilion.user_id': '' });
  });
});

suite('passwords', () => {
  test('only the right one is right, and nobody has none', async () => {
    const hash = await hashPassword('a password of some length');
    assert.match(hash, /^\$argon2id\$v=19\$m=47104,t=2,p=1\$/);
    assert.equal(await isPassword('a password of some length', hash), true);
    assert.equal(await isPassword('a password of some lengths', hash), false);
    assert.equal(await isPassword('', null), false);
  });

  test('a few turns at once, the others in order, and not without end', async () => {
    const turns = new Turns(1, 2);
    const begun: number[] = [];
    const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
    const running = gates.map(({ promise }, number) =>
      turns.run(() => {
        begun.push(number);
        return promise;
      }),
    );
    await assert.rejects(
      turns.run(async () => {}),
      { code: 'UNAVL' },
    );
    gates[0]?.reject(new Error('it failed'));
    await assert.rejects(running[0] ?? Promise.resolve(), /it failed/);
    gates[1]?.resolve();
    gates[2]?.resolve();
    await Promise.all(running.slice(1));
    assert.deepEqual(begun, [0, 1, 2]);
    assert.equal(await turns.run(async () => 'free again'), 'free again');
  });
});
