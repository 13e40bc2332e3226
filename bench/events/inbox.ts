// Bodies put into the inbox without HTTP, and the inbox emptied by the real worker.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { wakeApplyEvents } from '../../src/database/events/wake_apply_events.ts';
import { foldCounters } from '../../src/database/statistics/fold_counters.ts';
import { recordEvents } from '../../src/server/webhooks/record_events.ts';
import { one } from '../../test/support/scene.ts';
import type { Report } from './history.ts';

const bodiesPerStatement = 500;
const headers = { 'content-type': 'application/json', 'user-agent': 'bench' };

/** @param perBody events in one body; 1: an object, not an array of one. */
export async function recordAll(pool: pg.Pool, reports: Iterable<Report>, perBody: number): Promise<void> {
  let body: Report[] = [];
  let bodies: Buffer[] = [];
  const store = async () => {
    await recordEvents(
      pool,
      bodies.map((each) => ({ provider: 'engagelab', path: '/bench', headers, body: each })),
    );
    bodies = [];
  };
  const close = () => {
    bodies.push(Buffer.from(JSON.stringify(perBody === 1 ? body[0] : body)));
    body = [];
  };
  for (const report of reports) {
    if (body.push(report) === perBody) close();
    if (bodies.length === bodiesPerStatement) await store();
  }
  if (body.length > 0) close();
  if (bodies.length > 0) await store();
}

/** With a worker running. @returns seconds until every body is applied and the statistics are folded. @throws Error when one failed. */
export async function emptied(pool: pg.Pool): Promise<number> {
  const startedAt = performance.now();
  await wakeApplyEvents(pool);
  // Whether, not how many: counting a long backlog takes as much of the machine as applying it.
  while (await one<boolean>(pool, 'select exists (select from app_public.event_logs where processed_at is null)'))
    await sleep(20);
  while ((await foldCounters(pool)) > 0);
  const failed = await one<number>(pool, 'select count(*)::integer from app_public.event_logs where error is not null');
  if (failed > 0) throw new Error(`${failed} bodies could not be applied`);
  return (performance.now() - startedAt) / 1_000;
}

/** A generator that is the same in every run: xorshift32. @returns numbers from 0 to below 1. */
export function draws(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Fisher and Yates, in place. */
export function shuffle<T>(values: T[], draw: () => number): T[] {
  for (let place = values.length - 1; place > 0; place -= 1) {
    const other = Math.floor(draw() * (place + 1));
    [values[place], values[other]] = [values[other] as T, values[place] as T];
  }
  return values;
}
