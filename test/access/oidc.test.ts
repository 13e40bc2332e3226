// Promise: who a provider says somebody is begins a session of that user and no other; users are not made; no token stands in an address
// or in the log; and a code, an answer and an attempt are each good for one use.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { pino } from 'pino';
import { type ServerOptions, startServer } from '../../src/server/app.ts';
import { aClock, aUser } from '../server/access_support.ts';
import { type Answer, at, post, secret, startTestServer, textAt } from '../server/support.ts';
import { one } from '../support/scene.ts';
import { Browser } from './browser.ts';
import { type Person, providerConfig, startProvider } from './oidc_support.ts';

const origin = 'https://mail.example.com';
const redirectUrl = `${origin}/api/auth/oidc/callback`;
const app = 'https://app.example.com/signed-in?its=own';
const minute = 60_000;

const exchangeSignInCode = /* GraphQL */ `
  mutation ($code: String!) {
    exchangeSignInCode(input: { code: $code }) { accessToken accessTokenExpiresAt refreshToken user { email } }
  }`;
const me = '{ me { email } }';

async function anotherServer(options: Pick<ServerOptions, 'config' | 'url' | 'now'>) {
  const server = await startServer({ ...options, secret, log: pino({ level: 'silent' }), port: 0 });
  return { url: server.url, [Symbol.asyncDispose]: () => server.close() };
}

suite('signing in by a provider', async () => {
  const clock = aClock();
  const provider = await startProvider(redirectUrl);
  after(provider.goAway);
  const env = { ...providerConfig(provider, redirectUrl), OIDC_RETURN_URLS: 'https://app.example.com' };
  const { server, pool, url, config, logged } = await startTestServer(env, { now: clock.now });
  const hosts = new Map([
    [origin, server.url],
    [provider.issuer, provider.issuer],
  ]);
  const aBrowser = () => new Browser(hosts);

  /** Somebody whom the provider knows sits at the browser. */
  const sits = (subject: string, person: Person = {}) => {
    provider.people.set(subject, person);
    provider.answer = { subject };
  };
  const startAt = (returnTo: string) => `${origin}/api/auth/oidc/start?return=${encodeURIComponent(returnTo)}`;
  /** As far as the answer that the provider sends the browser to our callback with. */
  const answered = async (browser: Browser): Promise<URL> => {
    const outside = await browser.visit(startAt(app));
    assert.equal(outside.left?.origin, 'https://app.example.com');
    return outside.address;
  };
  const signIn = async (browser = aBrowser()) => {
    const { left } = await browser.visit(startAt(app));
    return left?.searchParams.get('signInCode') ?? '';
  };
  const exchange = (code: string) => post(server.url, exchangeSignInCode, { code });
  const authorizationOf = (answer: Answer) => `Bearer ${textAt(answer, 'data.exchangeSignInCode.accessToken')}`;
  const whoIs = async (answer: Answer) => (await post(server.url, me, {}, authorizationOf(answer))).data;
  const page = async ({ response }: { response: Response }) => ({
    status: response.status,
    heading: /<h1>(.*)<\/h1>/.exec(await response.text())?.[1],
  });
  const known = (subject: string, userId: string) =>
    pool.query('insert into app_private.external_identities (issuer, subject, user_id) values ($1, $2, $3)', [
      provider.issuer,
      subject,
      userId,
    ]);
  const sessions = () => one<number>(pool, 'select count(*)::int from app_private.sessions');

  const notSignedIn = { status: 403, heading: 'You were not signed in' };
  const notGoingOn = { status: 400, heading: 'This sign-in is not going on' };
  const over = { status: 400, heading: 'This sign-in is over' };

  test('a known identity is its user, whatever its address is now', async () => {
    await known('known', await aUser(pool, 'known@example.com'));
    sits('known', { email: 'new@example.com', email_verified: false });
    const browser = aBrowser();
    const { left } = await browser.visit(startAt(app));
    assert.ok(left);
    assert.deepEqual([...left.searchParams.keys()], ['its', 'signInCode'], 'nothing but the code is added');
    const begun = await exchange(left.searchParams.get('signInCode') ?? '');
    assert.deepEqual(await whoIs(begun), { me: { email: 'known@example.com' } });
    assert.match(textAt(begun, 'data.exchangeSignInCode.refreshToken'), /^psr_/);
    assert.equal(at(begun, 'data.exchangeSignInCode.user.email'), 'known@example.com');
  });

  test('a verified address ties the identity to its user, for good', async () => {
    await aUser(pool, 'person@example.com');
    sits('tied', { email: 'Person@example.com', email_verified: true });
    assert.deepEqual(await whoIs(await exchange(await signIn())), { me: { email: 'person@example.com' } });
    sits('tied', {});
    assert.deepEqual(await whoIs(await exchange(await signIn())), { me: { email: 'person@example.com' } });
  });

  test('an unverified address, an unknown one and a disabled user are refused with the same page', async () => {
    await aUser(pool, 'unverified@example.com');
    const disabled = await aUser(pool, 'disabled@example.com');
    await pool.query('select app_public.set_user_disabled($1, true)', [disabled]);
    await known('disabled', disabled);
    const people: [string, Person][] = [
      ['unverified', { email: 'unverified@example.com', email_verified: false }],
      ['unsaid', { email: 'unverified@example.com' }],
      ['unknown', { email: 'unknown@example.com', email_verified: true }],
      ['nameless', {}],
      ['disabled', { email: 'disabled@example.com', email_verified: true }],
    ];
    const before = await one<number>(pool, 'select count(*)::int from app_public.users');
    const pages = [];
    for (const [subject, person] of people) {
      sits(subject, person);
      const { response, left } = await aBrowser().visit(startAt(app));
      assert.equal(left, null, subject);
      assert.equal(response.status, notSignedIn.status, subject);
      pages.push(await response.text());
    }
    assert.deepEqual(new Set(pages).size, 1);
    assert.match(pages[0] ?? '', /<a href="https:\/\/app\.example\.com\/signed-in\?its=own">Back<\/a>/);
    assert.equal(await one(pool, 'select count(*)::int from app_public.users'), before);
    assert.equal(
      await one(pool, 'select count(*)::int from app_private.external_identities where subject = $1', ['unverified']),
      0,
    );
  });

  test('who is disabled between the code and its exchange is not let in', async () => {
    const userId = await aUser(pool, 'leaving@example.com');
    sits('leaving', { email: 'leaving@example.com', email_verified: true });
    const code = await signIn();
    await pool.query('select app_public.set_user_disabled($1, true)', [userId]);
    assert.equal((await exchange(code)).errors?.[0]?.extensions?.code, 'AUTHN');
  });

  test('a code is good for one session, and what never was one for none', async () => {
    await aUser(pool, 'once@example.com');
    sits('once', { email: 'once@example.com', email_verified: true });
    const code = await signIn();
    const answers = await Promise.all([exchange(code), exchange(code)]);
    assert.equal(answers.filter(({ errors }) => errors === undefined).length, 1);
    const before = await sessions();
    const refused = await Promise.all([code, 'nonsense', '', `psc_${'A'.repeat(43)}`].map(exchange));
    const message = 'the code is wrong, was used, or is older than a minute: sign in again';
    for (const { errors } of refused) assert.deepEqual(errors, [{ message, extensions: { code: 'AUTHN' } }]);
    assert.equal(await sessions(), before);
  });

  test('the database keeps a hash of the code, for a minute', async () => {
    await aUser(pool, 'slow@example.com');
    sits('slow', { email: 'slow@example.com', email_verified: true });
    const code = await signIn();
    const { rows } = await pool.query(
      `select octet_length(code_hash) as bytes, expires_at - clock_timestamp() between '55 s' and '60 s' as is_brief
         from app_private.sign_in_codes order by expires_at desc limit 1`,
    );
    assert.deepEqual(rows, [{ bytes: 32, is_brief: true }]);
    await pool.query(`update app_private.sign_in_codes set expires_at = expires_at - interval '1 minute'`);
    assert.equal((await exchange(code)).errors?.[0]?.extensions?.code, 'AUTHN');
    await pool.query('select app_private.prune_sign_ins(100)');
    assert.equal(await one(pool, 'select count(*)::int from app_private.sign_in_codes'), 0);
  });

  test('an answer is taken once', async () => {
    await aUser(pool, 'replayed@example.com');
    sits('replayed', { email: 'replayed@example.com', email_verified: true });
    const browser = aBrowser();
    const first = await browser.get(new URL(startAt(app)));
    const withCookie = browser.at(hosts);
    const { address } = await browser.visit(first.headers.get('location') ?? '');
    assert.equal(address.pathname, '/api/auth/oidc/callback');
    assert.deepEqual(await page(await browser.visit(address.href)), notGoingOn, 'the browser has forgotten it');
    assert.deepEqual(await page(await withCookie.visit(address.href)), over, 'the provider has not');
  });

  test('an answer with another state is not taken, and leaves what was begun alone', async () => {
    await aUser(pool, 'steady@example.com');
    sits('steady', { email: 'steady@example.com', email_verified: true });
    const [mine, theirs] = [aBrowser(), aBrowser()];
    const begun = await mine.get(new URL(startAt(app)));
    const forged = await answered(theirs);
    assert.deepEqual(await page(await mine.visit(forged.href)), notGoingOn);
    forged.searchParams.delete('state');
    assert.deepEqual(await page(await mine.visit(forged.href)), notGoingOn);
    const { left } = await mine.visit(begun.headers.get('location') ?? '');
    assert.ok(left?.searchParams.has('signInCode'));
  });

  test('an answer comes within ten minutes, to the browser that asked, with the cookie it was given', async () => {
    sits('steady');
    const stopped = async (change: (browser: Browser) => void) => {
      const browser = aBrowser();
      const started = await browser.get(new URL(startAt(app)));
      change(browser);
      return page(await browser.visit(started.headers.get('location') ?? ''));
    };
    const ours = /postilion_oidc$/;
    assert.deepEqual(await stopped(() => clock.advance(10 * minute + 1_000)), notGoingOn);
    assert.deepEqual(await stopped((browser) => browser.tamper(ours, () => '')), notGoingOn);
    assert.deepEqual(await stopped((browser) => browser.tamper(ours, () => 'nonsense')), notGoingOn);
    const flip = (value: string) => value.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    const middle = (value: string) => value.slice(0, 60) + flip(value.slice(60, 61)) + value.slice(61);
    assert.deepEqual(await stopped((browser) => browser.tamper(ours, middle)), notGoingOn);
  });

  test('any process takes the answer', async () => {
    await aUser(pool, 'elsewhere@example.com');
    sits('elsewhere', { email: 'elsewhere@example.com', email_verified: true });
    const browser = aBrowser();
    const begun = await browser.get(new URL(startAt(app)));
    await using another = await anotherServer({ config, url, now: clock.now });
    const { left } = await browser
      .at(new Map([...hosts, [origin, another.url]]))
      .visit(begun.headers.get('location') ?? '');
    const answer = await exchange(left?.searchParams.get('signInCode') ?? '');
    assert.deepEqual(await whoIs(answer), { me: { email: 'elsewhere@example.com' } });
  });

  test('the cookie is for our callback alone, out of reach for scripts, and never in the clear', async () => {
    const browser = aBrowser();
    await browser.get(new URL(startAt(app)));
    const [cookie = ''] = browser.told;
    assert.match(
      cookie,
      /^__Secure-postilion_oidc=[\w.-]+; path=\/api\/auth\/oidc\/callback; expires=[^;]+; samesite=lax; secure; httponly$/,
    );
    assert.ok(cookie.length < 4_096);
  });

  test('the provider’s refusal is said in our words', async () => {
    provider.answer = { error: 'access_denied', error_description: '<script>alert(1)</script>' };
    const { response, left } = await aBrowser().visit(startAt(app));
    assert.equal(left, null);
    assert.equal(response.status, 403);
    const shown = await response.text();
    assert.match(shown, /The provider says that it was cancelled, or is not allowed/);
    assert.doesNotMatch(shown, /script|access_denied/);
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  });

  test('nobody is sent where they are not expected', async () => {
    const elsewhere = [
      'https://evil.example.com/',
      'https://app.example.com.evil.example.com/',
      'https://app.example.com@evil.example.com/',
      'https://somebody@app.example.com/',
      'http://app.example.com/',
      'https://app.example.com:8443/',
      '//app.example.com/',
      '/signed-in',
      'javascript:alert(1)',
      `https://app.example.com/${'a'.repeat(1_500)}`,
      '',
    ];
    for (const returnTo of elsewhere) {
      const visited = await aBrowser().visit(startAt(returnTo));
      assert.deepEqual(await page(visited), { status: 400, heading: 'Nobody is sent back there' }, returnTo);
    }
    const twice = await aBrowser().visit(`${startAt(app)}&return=https://evil.example.com/`);
    assert.equal(twice.response.status, 400);
    const alone = await aBrowser().visit(`${origin}/api/auth/oidc/start`);
    assert.deepEqual(await page(alone), { status: 400, heading: 'Sign in from your application' });
  });

  test('what the provider says of itself is asked for once an hour', async () => {
    const path = '/.well-known/openid-configuration';
    const asked = () => provider.asked.filter((each) => each === path).length;
    await Promise.all([aBrowser().visit(startAt(app)), aBrowser().visit(startAt(app))]);
    const before = asked();
    await aBrowser().visit(startAt(app));
    assert.equal(asked(), before);
    clock.advance(60 * minute + 1);
    await Promise.all([aBrowser().visit(startAt(app)), aBrowser().visit(startAt(app))]);
    assert.equal(asked(), before + 1);
  });

  test('a provider that is away is told of, and asked again when it is back', async () => {
    await aUser(pool, 'patient@example.com');
    sits('patient', { email: 'patient@example.com', email_verified: true });
    const away = { status: 503, heading: 'The provider does not answer' };
    const browser = aBrowser();
    const begun = await browser.get(new URL(startAt(app)));
    const other = browser.at(hosts);
    const state = new URL(begun.headers.get('location') ?? '').searchParams.get('state') ?? '';
    await provider.goAway();
    const answer = new URLSearchParams({ state, code: 'any', iss: provider.issuer });
    assert.deepEqual(await page(await other.visit(`${redirectUrl}?${answer}`)), away, 'at the end');
    clock.advance(60 * minute + 1);
    const refused = await aBrowser().visit(startAt(app));
    assert.equal(refused.response.headers.get('retry-after'), '5');
    assert.deepEqual(await page(refused), away, 'at the start');
    await provider.comeBack();
    assert.deepEqual(await whoIs(await exchange(await signIn())), { me: { email: 'patient@example.com' } });
  });

  test('no code, token, cookie or address is in the log', () => {
    assert.match(logged(), /"refusal":"away"/);
    assert.match(logged(), /"refusal":"denied"/);
    assert.match(logged(), /"refusal":"expired"/);
    assert.doesNotMatch(
      logged(),
      /ps[a-z]_[\w-]{20}|eyJ|code=|state=|known to the provider|postilion_oidc|@example\.com|<script/,
    );
  });
});

suite('without a provider', async () => {
  const { server } = await startTestServer();

  test('there is no such way in', async () => {
    assert.equal((await fetch(`${server.url}/api/auth/oidc/start`)).status, 401);
  });
});
