// Promise: what a provider says is believed when it is signed by its own key, for us, for this attempt and not too old; whatever else it
// says signs nobody in, and is not shown.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { aClock, aUser } from '../server/access_support.ts';
import { startTestServer } from '../server/support.ts';
import { one } from '../support/scene.ts';
import { Browser } from './browser.ts';
import { startScriptedProvider } from './scripted_provider.ts';

const origin = 'http://mail.example.com';
const callback = `${origin}/api/auth/oidc/callback`;
const returnTo = 'https://app.example.com/signed-in';
const clientSecret = 'known to the provider and to us alone';
const subject = 'whoever it is';
const hour = 3_600_000;

const signedIn = { status: 303 };
const faulty = { status: 502, heading: 'The provider’s answer can not be used' };
const away = { status: 503, heading: 'The provider does not answer' };
const denied = { status: 403, heading: 'You were not signed in' };

async function aScene(env: NodeJS.ProcessEnv = {}) {
  const provider = await startScriptedProvider();
  after(provider.close);
  const clock = aClock();
  const { server, pool, logged } = await startTestServer(
    {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: 'postilion',
      OIDC_REDIRECT_URL: callback,
      OIDC_RETURN_URLS: returnTo,
      ...env,
    },
    { now: clock.now },
  );
  const now = () => Math.floor(Date.now() / 1000);
  const claimsFor = (nonce: string): JWTPayload => ({
    iss: provider.issuer,
    aud: 'postilion',
    sub: subject,
    nonce,
    iat: now(),
    exp: now() + 60,
    email: 'person@example.com',
    email_verified: true,
  });
  const start = async () => {
    const browser = new Browser(new Map([[origin, server.url]]));
    const response = await browser.get(new URL(`${origin}/api/auth/oidc/start?return=${returnTo}`));
    const asked = new URL(response.headers.get('location') ?? 'none:').searchParams;
    return { browser, response, asked, nonce: asked.get('nonce') ?? '', state: asked.get('state') ?? '' };
  };
  /** @param idToken by the claims as they should be; null: the token endpoint says what it was told to */
  const answerWith = async (
    idToken: ((claims: JWTPayload) => Promise<string> | string) | null,
    answer: Record<string, string> = { code: 'any' },
  ) => {
    const { browser, nonce, state } = await start();
    if (idToken !== null) {
      const id_token = await idToken(claimsFor(nonce));
      provider.reply = { body: { access_token: 'shown to nobody', token_type: 'Bearer', id_token } };
    }
    return seen(await browser.get(new URL(`${callback}?${new URLSearchParams({ state, ...answer })}`)));
  };
  const signed = (change: Record<string, unknown>) => (claims: JWTPayload) => provider.sign({ ...claims, ...change });
  return { provider, clock, pool, logged, start, answerWith, signed };
}

async function seen(response: Response) {
  const heading = /<h1>(.*)<\/h1>/.exec(await response.text())?.[1];
  return heading === undefined ? { status: response.status } : { status: response.status, heading };
}

suite('a provider’s answer', async () => {
  const { provider, clock, pool, logged, start, answerWith, signed } = await aScene({
    OIDC_CLIENT_SECRET: clientSecret,
  });
  await aUser(pool, 'person@example.com');
  const second = () => Math.floor(Date.now() / 1000);
  const codes = () => one<number>(pool, 'select count(*)::int from app_private.sign_in_codes');

  test('is asked for with a challenge, a state and a nonce', async () => {
    const { asked, browser } = await start();
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('redirect_uri'), callback);
    assert.equal(asked.get('scope'), 'openid email');
    for (const name of ['state', 'nonce', 'code_challenge']) assert.match(asked.get(name) ?? '', /^[\w-]{43}$/);
    assert.match(browser.told[0] ?? '', /^postilion_oidc=[^;]+; path=[^;]+; expires=[^;]+; samesite=lax; httponly$/);
  });

  test('is believed when it is as it should be', async () => {
    assert.deepEqual(await answerWith(signed({})), signedIn);
    const { authorization } = provider.asked.headers;
    const [name, shown] = atob(authorization?.replace('Basic ', '') ?? '').split(':');
    assert.deepEqual([name, shown], ['postilion', clientSecret.replaceAll(' ', '+')]);
    assert.doesNotMatch(provider.asked.body, /client_secret/);
    assert.match(provider.asked.body, /code_verifier=[\w-]{43}/);
  });

  test('may be a minute off by the clock', async () => {
    assert.deepEqual(await answerWith(signed({ exp: second() - 30 })), signedIn);
  });

  test('may bring the address with the second question, and booleans as text', async () => {
    await pool.query('delete from app_private.external_identities');
    provider.userinfo = { body: { sub: subject, email: 'person@example.com', email_verified: 'true' } };
    assert.deepEqual(await answerWith(signed({ email: undefined, email_verified: undefined })), signedIn);
    await pool.query('delete from app_private.external_identities');
    provider.userinfo = { body: { sub: subject, email: 'person@example.com', email_verified: 'false' } };
    assert.deepEqual(await answerWith(signed({ email: undefined, email_verified: undefined })), denied);
  });

  test('verifies the address it comes with, not another', async () => {
    await pool.query('delete from app_private.external_identities');
    provider.userinfo = { body: { sub: subject, email: 'other@example.com', email_verified: true } };
    assert.deepEqual(await answerWith(signed({ email_verified: undefined })), denied);
  });

  const lies: Record<string, Record<string, unknown>> = {
    'for another client': { aud: 'another' },
    'of another issuer': { iss: 'https://id.example.com' },
    'to another attempt': { nonce: 'another' },
    'to no attempt': { nonce: undefined },
    'of two minutes ago': { exp: second() - 120 },
    'that never expires': { exp: undefined },
    'about nobody': { sub: undefined },
  };
  for (const [what, change] of Object.entries(lies))
    test(`${what} signs nobody in`, async () => {
      const before = await codes();
      assert.deepEqual(await answerWith(signed(change)), faulty);
      assert.equal(await codes(), before);
    });

  const forgeries: Record<string, (claims: JWTPayload) => Promise<string> | string> = {
    'by a key it does not publish': async (claims) => {
      const { privateKey } = await generateKeyPair('RS256');
      return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'published' }).sign(privateKey);
    },
    'by our own secret': (claims) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(clientSecret)),
    'by nobody': (claims) => new UnsecuredJWT(claims).encode(),
  };
  for (const [how, forge] of Object.entries(forgeries))
    test(`signed ${how} signs nobody in`, async () => {
      assert.deepEqual(await answerWith(forge), faulty);
    });

  test('about somebody else at the second question signs nobody in', async () => {
    provider.userinfo = { body: { sub: 'another', email: 'person@example.com', email_verified: true } };
    assert.deepEqual(await answerWith(signed({ email: undefined })), faulty);
  });

  test('that names another issuer in its address signs nobody in', async () => {
    assert.deepEqual(await answerWith(signed({}), { code: 'any', iss: 'https://id.example.com' }), faulty);
  });

  test('without an ID token signs nobody in', async () => {
    provider.reply = { body: { access_token: 'shown to nobody', token_type: 'Bearer' } };
    assert.deepEqual(await answerWith(null), faulty);
  });

  const replies: [string, { status: number; body: unknown }, object][] = [
    ['that we are not its client', { status: 401, body: { error: 'invalid_client' } }, faulty],
    ['that it is broken', { status: 500, body: { error: 'server_error' } }, away],
    ['that somebody before it is', { status: 502, body: '<h1>Bad gateway</h1>' }, away],
    ['what is no JSON', { status: 200, body: '<h1>Welcome</h1>' }, faulty],
  ];
  for (const [what, reply, expected] of replies)
    test(`may be ${what}`, async () => {
      provider.reply = reply;
      assert.deepEqual(await answerWith(null), expected);
    });

  const errors: [string, object][] = [
    ['access_denied', denied],
    ['login_required', denied],
    ['temporarily_unavailable', away],
    ['invalid_scope', faulty],
    ['<b>anything</b>', faulty],
  ];
  for (const [error, expected] of errors)
    test(`may be the error ${error}`, async () => {
      assert.deepEqual(await answerWith(null, { error, error_description: '<b>bold</b>' }), expected);
    });

  test('of what it says of itself must name its own issuer', async () => {
    clock.advance(hour);
    provider.metadata = { issuer: 'https://id.example.com' };
    assert.deepEqual(await seen((await start()).response), faulty);
    provider.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post'] };
    assert.deepEqual(await answerWith(signed({})), signedIn);
    assert.equal(new URLSearchParams(provider.asked.body).get('client_secret'), clientSecret, 'as it likes it now');
  });

  test('leaves nothing in the log that must not be there', () => {
    assert.match(logged(), /"told":"invalid_scope"/);
    assert.doesNotMatch(logged(), /shown to nobody|eyJ|known to the provider|anything|bold|Welcome|Bad gateway|psc_/);
  });
});

suite('a public client', async () => {
  const { provider, pool, answerWith, signed } = await aScene();
  await aUser(pool, 'person@example.com');

  test('shows no secret', async () => {
    assert.deepEqual(await answerWith(signed({})), signedIn);
    assert.equal(provider.asked.headers.authorization, undefined);
    const body = new URLSearchParams(provider.asked.body);
    assert.deepEqual([body.get('client_id'), body.get('client_secret')], ['postilion', null]);
  });
});
