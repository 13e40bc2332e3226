// Signing in by an OpenID Connect provider: to the provider, and back with a code that the client exchanges for a session. No token
// stands in an address at any time.
import type Koa from 'koa';
import Router, { type RouterContext } from 'koa-router';
import type { Logger } from 'pino';
import { createSignInCode } from '../../../database/access/create_sign_in_code.ts';
import type { Access } from '../access.ts';
import { newToken } from '../tokens.ts';
import { Attempts } from './attempts.ts';
import { answerPage } from './page.ts';
import { newAttempt, Provider } from './provider.ts';
import { factsOf, type Refusal, refusalOf } from './refusals.ts';
import { allowedReturn, withCode } from './return_addresses.ts';
import { type OidcConfig, oidcSettings } from './settings.ts';

export interface OidcOptions {
  readonly config: OidcConfig;
  /** 32 bytes. */
  readonly key: Buffer;
  readonly log: Logger;
  /** Milliseconds of the epoch. */
  readonly now: () => number;
}

interface Desk {
  readonly db: Access['db'];
  readonly provider: Provider;
  readonly attempts: Attempts;
  readonly returnUrls: readonly string[];
  readonly log: Logger;
}

/** Nothing, where no provider is configured. */
export function installOidc(app: Koa, { db }: Access, { config, key, log, now }: OidcOptions): void {
  const settings = oidcSettings(config);
  if (settings === null) return;
  const { redirectUrl, returnUrls } = settings;
  const attempts = new Attempts({ redirectUrl, key, now });
  const desk = { db, provider: new Provider(settings, now), attempts, returnUrls, log };
  const router = new Router({ prefix: '/api/auth/oidc' });
  router.get('/start', (ctx) => start(ctx, desk));
  router.get('/callback', (ctx) => callback(ctx, desk));
  app.use(router.routes());
}

async function start(ctx: RouterContext, desk: Desk): Promise<void> {
  const { return: given } = ctx.query;
  const returnTo = allowedReturn(given, desk.returnUrls);
  if (returnTo === null) return answerPage(ctx, given === undefined ? 'noReturn' : 'badReturn', null);
  const attempt = newAttempt(returnTo);
  await orRefuse(ctx, desk, returnTo, async () => {
    const address = await desk.provider.addressFor(attempt);
    await desk.attempts.keep(ctx, attempt);
    return address;
  });
}

/** An answer to something else leaves alone what this browser has begun. */
async function callback(ctx: RouterContext, desk: Desk): Promise<void> {
  const attempt = await desk.attempts.kept(ctx);
  if (attempt === null || ctx.query['state'] !== attempt.state) return answerPage(ctx, 'foreign', null);
  desk.attempts.forget(ctx);
  await orRefuse(ctx, desk, attempt.returnTo, async () => {
    const identity = await desk.provider.identity(ctx.querystring, attempt);
    // How one finds out whom to tie by hand, where the provider verifies no addresses.
    desk.log.info({ issuer: identity.issuer, subject: identity.subject }, 'the provider says who signs in');
    const code = newToken('code');
    await createSignInCode(desk.db, identity, code.hash);
    return withCode(attempt.returnTo, code.text);
  });
}

/** Sends the browser on, or says why not. */
async function orRefuse(
  ctx: RouterContext,
  { log }: Desk,
  returnTo: string,
  next: () => Promise<string>,
): Promise<void> {
  try {
    seeOther(ctx, await next());
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    complain(log, refusal, error);
    answerPage(ctx, refusal, returnTo);
  }
}

function seeOther(ctx: RouterContext, address: string): void {
  ctx.status = 303;
  ctx.set('Location', address);
  ctx.set('Cache-Control', 'no-store');
}

/** What a person can not help is for whoever runs the installation. */
function complain(log: Logger, refusal: Refusal, error: unknown): void {
  const isTheirs = refusal === 'denied' || refusal === 'expired' || refusal === 'unknown';
  log[isTheirs ? 'info' : 'warn']({ refusal, ...factsOf(error) }, 'a sign-in by the provider did not come about');
}
