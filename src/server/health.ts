import type Koa from 'koa';
import Router from 'koa-router';

/** Why a process can't do its work now, in a sentence; null: it can. */
export type Hindrance = () => Promise<string | null>;

/**
 * /healthz: this process lives. /readyz: it can do its work, or 503 with what hinders it. The second may fail while the first does not, and a
 * restart would not help then: watch the first to restart it, the second to send it no one.
 */
export function installHealth(app: Koa, hindrance: Hindrance): void {
  const router = new Router();
  router.get('/healthz', (ctx) => {
    ctx.body = { ok: true };
  });
  router.get('/readyz', async (ctx) => {
    const reason = await hindrance();
    ctx.status = reason === null ? 200 : 503;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = reason === null ? { ok: true } : { ok: false, reason };
  });
  app.use(router.routes());
}
