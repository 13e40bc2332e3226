// Webhooks are recorded before anything else is done with them, and answered once that is committed, whatever they hold:
// a body that can not be read today can be replayed once it can be. Source of the answers: EngageLab, "WebHook".
import type { IncomingHttpHeaders } from 'node:http';
import type Koa from 'koa';
import Router, { type RouterContext } from 'koa-router';
import getRawBody from 'raw-body';
import { z } from 'zod';
import { Fault } from '../errors.ts';
import type { Intake } from '../intake.ts';

const maxBody = 1_000_000;
/** EngageLab gives up after 3 s. */
const patienceMs = 2500;
const failureCode = 2002;

const ping = z.object({ test: z.literal(true) });
const unspoken = new Set(['cookie', 'authorization', 'proxy-authorization']);

export function installWebhooks(app: Koa, intake: Intake): void {
  const router = new Router();
  router.get('/api/webhooks/mail-event', (ctx) => {
    ctx.body = { ok: true };
  });
  router.post('/api/webhooks/mail-event', (ctx) => takeIn(ctx, 'engagelab', intake));
  app.use(router.routes());
}

async function takeIn(ctx: RouterContext, provider: string, intake: Intake): Promise<void> {
  const body = await bodyOf(ctx);
  if (body === null) return;
  if (body.length > 0) {
    const recording = { provider, path: ctx.path, headers: recordedHeaders(ctx.req.headers), body };
    const committed = await inTime(intake.record(recording)).catch((error) => refuse(ctx, error, intake));
    if (committed === false) return;
  }
  ctx.body = isPing(body) ? { ok: true, test: true } : { ok: true };
}

async function bodyOf(ctx: RouterContext): Promise<Buffer | null> {
  try {
    return await getRawBody(ctx.req, { limit: maxBody, length: ctx.req.headers['content-length'] ?? null });
  } catch (error) {
    const status = error instanceof Error && 'status' in error && error.status === 413 ? 413 : 400;
    const message = status === 413 ? `the body is larger than ${maxBody} bytes` : 'the body could not be read';
    ctx.status = status;
    ctx.set('Connection', 'close');
    ctx.body = { code: failureCode, message };
    return null;
  }
}

function refuse(ctx: RouterContext, error: unknown, { complain }: Intake): false {
  complain(error);
  ctx.status = 503;
  ctx.set('Retry-After', '5');
  ctx.body = { code: failureCode, message: 'the event could not be recorded; send it again' };
  return false;
}

/** A row that commits after its request was refused comes a second time, and is told apart by its key. */
async function inTime(commit: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new Fault('UNAVL', 'the database takes too long')), patienceMs);
  await Promise.race([commit, late.promise]).finally(() => clearTimeout(timer));
}

export function recordedHeaders(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const spoken = Object.entries(headers).filter(([name]) => !unspoken.has(name));
  return Object.fromEntries(spoken.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

function isPing(body: Buffer): boolean {
  // A real event is longer than this; parsing it here would be for nothing.
  if (body.length > 1000) return false;
  try {
    return ping.safeParse(JSON.parse(body.toString())).success;
  } catch {
    return false;
  }
}
