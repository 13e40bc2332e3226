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
import { networkOf } from '../../src/server/access/network.ts';
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
    const ask = () => authenticator.authenticate(`Bearer ${text}`, null);
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
    await assert.rejects(authenticator.authenticate(authorization, null), /away/);
    answers.claims = Promise.resolve(someone);
    assert.equal(await authenticator.authenticate(authorization, null), someone);
  });

  test('who shows too many wrong tokens is not looked up any more, but those who were right before are', async () => {
    const { clock, asked, answers, authenticator } = scene();
    const known = `Bearer ${newToken('api').text}`;
    const show = (address: string, authorization = `Bearer ${newToken('api').text}`) =>
      authenticator.authenticate(authorization, address);
    const refused = { code: 'LIMIT', retryAfterSeconds: 1 };
    assert.equal(await show('192.0.2.1', known), someone);
    answers.claims = Promise.resolve(null);
    // All at once: whether they are wrong is not known before the first answer.
    const shown = await Promise.allSettled(Array.from({ length: 1_000 }, () => show('192.0.2.1')));
    const lookedUp = shown.filter(({ status }) => status === 'fulfilled').length;
    assert.ok(lookedUp >= 60 && lookedUp <= 64, `${lookedUp} were looked up`);
    assert.equal(asked.length, 1 + lookedUp);
    await assert.rejects(show('192.0.2.1'), refused);
    assert.equal(await show('192.0.2.2'), null, 'another address has its own');
    answers.claims = Promise.resolve(someone);
    clock.advance(2_001);
    assert.equal(await show('192.0.2.1', known), someone);
    assert.equal(await show('192.0.2.1'), someone, 'two seconds later there are two more');
  });

  test('right tokens may come by the hundred at once, as after a restart', async () => {
    const { authenticator } = scene();
    const all = Array.from({ length: 1_000 }, () => authenticator.authenticate(`Bearer ${newToken('api').text}`, null));
    assert.ok((await Promise.all(all)).every((claims) => claims === someone));
  });

  test('a session that is over is looked up once in two seconds, not at each request', async () => {
    const { clock, accessTokens, answers } = scene();
    let lookUps = 0;
    const ofSession = () => {
      lookUps++;
      return answers.claims;
    };
    const authenticator = new Authenticator({ accessTokens, ofSession, ofToken: ofSession, now: clock.now });
    answers.claims = Promise.resolve(null);
    const { text } = await accessTokens.issue('00000000-0000-4000-8000-000000000003');
    for (let i = 0; i < 5; i++) assert.equal(await authenticator.authenticate(`Bearer ${text}`, null), null);
    assert.equal(lookUps, 1);
  });

  test('a network is an IPv4 address, or the /64 of an IPv6 address, however it is written', () => {
    assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
    for (const address of ['2001:db8::1', '2001:0DB8:0:0:ffff::', '2001:db8:0:0:1:2:3:4'])
      assert.equal(networkOf(address), '2001:db8:0:0::/64');
    assert.equal(networkOf('::1'), '0:0:0:0::/64');
    assert.equal(networkOf('2001:db8:0:1::'), '2001:db8:0:1::/64');
    assert.equal(networkOf(null), 'unknown');
  });

  test('a wrong token is not remembered', async () => {
    const { answers, authenticator } = scene();
    const authorization = `Bearer ${newToken('api').text}`;
    answers.claims = Promise.resolve(null);
    assert.equal(await authenticator.authenticate(authorization, null), null);
    answers.claims = Promise.resolve(someone);
    assert.equal(await authenticator.authenticate(authorization, null), someone);
  });

  test('an access token of another key, changed or expired, is none', async () => {
    const { clock, accessTokens, authenticator } = scene();
    const session = '00000000-0000-4000-8000-000000000003';
    const { text } = await accessTokens.issue(session);
    const other = await new AccessTokens(Buffer.alloc(32, 2), clock.now).issue(session);
    const [head, , mark] = text.split('.');
    const changed = `${head}.${Buffer.from(JSON.stringify({ sid: session, exp: 9e9 })).toString('base64url')}.${mark}`;
    assert.equal(await authenticator.authenticate(`Bearer ${text}`, null), someone);
    for (const wrong of [other.text, changed])
      assert.equal(await authenticator.authenticate(`Bearer ${wrong}`, null), null);
    clock.advance(15 * 60_000);
    assert.equal(await authenticator.authenticate(`Bearer ${text}`, null), null);
  });

  test('an access token expires while its look-up is fresh', async () => {
    const { clock, accessTokens, authenticator } = scene();
    const { text, expiresAt } = await accessTokens.issue('00000000-0000-4000-8000-000000000003');
    clock.advance(expiresAt.getTime() - clock.now() - 1);
    assert.equal(await authenticator.authenticate(`Bearer ${text}`, null), someone);
    clock.advance(1);
    assert.equal(await authenticator.authenticate(`Bearer ${text}`, null), null);
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

  test('of those that wait one may have some, and leaves room for the others', async () => {
    const turns = new Turns(1, 4, 2);
    const gate = Promise.withResolvers<void>();
    const full = { code: 'UNAVL' };
    const wait = (whose: string) => turns.run(() => gate.promise, whose);
    const begun = [wait('a'), wait('a'), wait('a'), wait('b')];
    await assert.rejects(wait('a'), full);
    begun.push(wait('b'));
    await assert.rejects(wait('c'), full, 'four wait');
    gate.resolve();
    await Promise.all(begun);
    assert.equal(turns.isIdle, true);
    await wait('a');
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
