// What a run is steered and judged by. Not part of EngageLab's API, hence under /_simulator.
import { Readable } from 'node:stream';
import Router, { type RouterContext } from 'koa-router';
import { z } from 'zod';
import type { Controls } from './controls.ts';
import { jsonOf, readJson } from './read_body.ts';
import type { World } from './world.ts';

const LINES_A_CHUNK = 500;

const intervals = z.record(z.string(), z.number().min(0));
const sequence = z.coerce.number().int().min(0).catch(0);

export function controlRouter(world: World, controls: Controls): Router {
  return new Router({ prefix: '/_simulator' })
    .get('/record', (ctx) => {
      ctx.type = 'application/x-ndjson';
      ctx.body = Readable.from(lines(world.record.entries(sequence.parse(ctx.query['since']))));
    })
    .get('/webhooks', (ctx) => {
      ctx.type = 'application/x-ndjson';
      ctx.body = Readable.from(lines(world.webhooks.acknowledged.slice(sequence.parse(ctx.query['since']))));
    })
    .get('/summary', (ctx) => {
      const given = intervals.safeParse(jsonOf(String(ctx.query['intervals'] ?? '{}')));
      if (given.success) ctx.body = controls.summary(given.data);
      else badRequest(ctx, z.prettifyError(given.error));
    })
    .get('/drain', async (ctx) => {
      await controls.drain();
      ctx.body = {};
    })
    .post('/faults', async (ctx) => apply(ctx, (json) => controls.setFaults(json)))
    .post('/settings', async (ctx) => apply(ctx, (json) => controls.configure(json)))
    .post('/reset', (ctx) => {
      controls.reset();
      ctx.body = {};
    });
}

async function apply(ctx: RouterContext, change: (json: unknown) => void): Promise<void> {
  try {
    change(await readJson(ctx.req));
    ctx.body = {};
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    badRequest(ctx, z.prettifyError(error));
  }
}

function badRequest(ctx: RouterContext, message: string): void {
  ctx.status = 400;
  ctx.body = { message };
}

function* lines(values: Iterable<unknown>): Generator<string> {
  let chunk: string[] = [];
  for (const value of values) {
    chunk.push(`${JSON.stringify(value)}\n`);
    if (chunk.length < LINES_A_CHUNK) continue;
    yield chunk.join('');
    chunk = [];
  }
  yield chunk.join('');
}
