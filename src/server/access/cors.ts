import cors from '@koa/cors';
import type Koa from 'koa';

const hour = 3_600;

/** Lets pages of these origins use the API. Tokens travel in a header, never in a cookie, so no page has more than it was given. */
export function installCors(app: Koa, origins: readonly string[]): void {
  app.use(
    cors({
      origin: (ctx) => (origins.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''),
      allowMethods: 'GET,POST',
      allowHeaders: 'authorization,content-type',
      exposeHeaders: 'www-authenticate,retry-after',
      maxAge: hour,
    }),
  );
}
