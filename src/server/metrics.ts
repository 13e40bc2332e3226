import { hash, timingSafeEqual } from 'node:crypto';
import type Koa from 'koa';
import Router from 'koa-router';
import type { Exposition } from '../metrics/exposition.ts';

/**
 * GET /metrics, for Prometheus.
 * @param token what whoever asks must show; null: anybody may ask
 */
export function installMetrics(app: Koa, metrics: Exposition, token: string | null): void {
  const router = new Router();
  router.get('/metrics', async (ctx) => {
    if (token !== null && !isRight(ctx.headers.authorization, token)) return refuse(ctx);
    ctx.set('Cache-Control', 'no-store');
    const text = await metrics.text();
    ctx.type = metrics.contentType;
    ctx.body = text;
  });
  app.use(router.routes());
}

/** In constant time: hashes are compared, which have one length. */
function isRight(authorization: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function refuse(ctx: Koa.Context): void {
  ctx.status = 401;
  ctx.set('WWW-Authenticate', 'Bearer realm="postilion metrics"');
  ctx.body = { errors: [{ message: 'METRICS_TOKEN is needed as a bearer token' }] };
}
