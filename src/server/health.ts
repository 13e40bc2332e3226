import { setTimeout as delay } from 'node:timers/promises';
import type Koa from 'koa';
import Router from 'koa-router';
import type { Queryable } from '../database/pool.ts';

const patienceMs = 2000;

/** /healthz: this process lives. /readyz: its database answers, too. */
export function installHealth(app: Koa, db: Queryable): void {
  const router = new Router();
  router.get('/healthz', (ctx) => {
    ctx.body = { ok: true };
  });
  router.get('/readyz', async (ctx) => {
    const ok = await answers(db);
    ctx.status = ok ? 200 : 503;
    ctx.body = { ok };
  });
  app.use(router.routes());
}

async function answers(db: Queryable): Promise<boolean> {
  const tooLate = new AbortController();
  const late = delay(patienceMs, false, { signal: tooLate.signal }).catch(() => false);
  const answer = db.query('select 1').then(
    () => true,
    () => false,
  );
  return Promise.race([answer, late]).finally(() => tooLate.abort());
}
