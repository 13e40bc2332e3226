// Whatever is installed after the gate is for those we know; for anybody else there is the beginning of a session, and no more.
import type Koa from 'koa';
import type { Config } from '../../config.ts';
import { Fault } from '../errors.ts';
import type { Access } from './access.ts';
import { isBeginning } from './beginning.ts';
import { readSmallJson } from './body.ts';
import { clientAddress } from './client_address.ts';
import { Visit } from './visit.ts';

/** As long as attempts count. */
const retryAfterSeconds = 15 * 60;

/**
 * Puts `visit` and, for short, its `claims` (null: a visitor's) into the state of each request, and `stillHolds`, which finds out whether they
 * are good to this moment.
 * @throws Fault AUTHN from the middleware, and what keeps us from finding out who asks
 */
export function installGate(app: Koa, access: Access, { NODE_ENV }: Pick<Config, 'NODE_ENV'>): void {
  app.use(async (ctx, next) => {
    const address = clientAddress(ctx.req, access.proxies);
    const { authorization } = ctx.headers;
    const claims = await access.authenticator.authenticate(authorization, address);
    const visit = new Visit(claims, address);
    const stillHolds = async () => claims !== null && access.authenticator.stillHolds(authorization, address, claims);
    Object.assign(ctx.state, { visit, claims, stillHolds });
    if (claims === null && !isPage(ctx, NODE_ENV) && !(await beginsSession(ctx))) throw unknown(ctx);
    await next();
    if (visit.isLimited) answerLimited(ctx);
  });
}

/** GraphiQL itself says nothing about anybody, and people sign in with it. It is there in development only. */
function isPage({ method, path }: Koa.Context, mode: Config['NODE_ENV']): boolean {
  return mode === 'development' && method === 'GET' && (path === '/ruru' || path.startsWith('/ruru-static/'));
}

async function beginsSession(ctx: Koa.Context): Promise<boolean> {
  if (ctx.method !== 'POST' || ctx.path !== '/graphql') return false;
  const body = await readSmallJson(ctx);
  if (!isBeginning(body)) return false;
  // Where Grafserv looks for what is read already: what it carries out is what was looked at.
  Object.assign(ctx.request, { body });
  return true;
}

function unknown(ctx: Koa.Context): Fault {
  const shown = ctx.headers.authorization !== undefined;
  ctx.set('WWW-Authenticate', shown ? 'Bearer realm="postilion", error="invalid_token"' : 'Bearer realm="postilion"');
  return new Fault('AUTHN', shown ? 'the token is not valid, or not any more' : 'a token is needed: sign in');
}

function answerLimited(ctx: Koa.Context): void {
  ctx.status = 429;
  ctx.set('Retry-After', String(retryAfterSeconds));
}
