import type Koa from 'koa';
import getRawBody from 'raw-body';

// A name, a password, and what is asked for in return.
const maxBytes = 20_000;

/** What somebody without a token posts; null when it is too long, or no JSON. */
export async function readSmallJson(ctx: Koa.Context): Promise<unknown> {
  if (ctx.is('application/json') !== 'application/json') return null;
  try {
    return JSON.parse(await getRawBody(ctx.req, { limit: maxBytes, length: ctx.request.length, encoding: 'utf8' }));
  } catch {
    return null;
  }
}
