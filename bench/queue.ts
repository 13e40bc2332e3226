// The queue by itself, without a provider: claim, begin, complete, all triggers and the ledger on, commits durable.

import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { beginSends } from '../src/database/queue/begin_sends.ts';
import { claimSubTasks } from '../src/database/queue/claim_sub_tasks.ts';
import { completeSends, type SendResult } from '../src/database/queue/complete_sends.ts';
import { takeLoop } from '../src/database/queue/take_loop.ts';
import { aBacklog, parkForLater } from './support/backlog.ts';
import { openBenchDatabase } from './support/database.ts';
import { percentile } from './support/percentile.ts';
import { type Figure, machine, type Report, say } from './support/report.ts';

interface Options {
  /** Smaller numbers, for a look and for the suite. */
  quick: boolean;
}

interface Loop {
  serviceId: string;
  loopToken: string;
}

const clients = 16;

export async function queue({ quick }: Options): Promise<Report> {
  const database = await openBenchDatabase();
  const { pool } = database;
  try {
    const size = quick ? { small: 2_000, large: 20_000, seconds: 2 } : { small: 10_000, large: 1_000_000, seconds: 10 };
    const loops = await Promise.all(Array.from({ length: clients }, () => aLoop(pool)));
    say('single-row updates, committed: the limit');
    const limit = (await updatesPerSecond(pool, size.seconds)) / 3;
    const figures: Record<string, Figure> = {};

    say('one by one');
    await aBacklog(pool, quick ? 10_000 : 60_000);
    const single = await mailsPerSecond(pool, loops, 1, size.seconds);
    figures['single'] = rated(
      single,
      limit,
      'at least 700/s and 0.15 of the limit',
      single >= 700 && single / limit >= 0.15,
    );
    for (const [batch, goal] of [
      [20, 12_000],
      [200, 30_000],
    ] as const) {
      say(`in batches of ${batch}`);
      await aBacklog(pool, quick ? 20_000 : 400_000);
      const value = await mailsPerSecond(pool, loops.slice(0, 8), batch, size.seconds);
      figures[`batched${batch}`] = { value, unit: 'mails/s', goal: `≥ ${goal}/s`, met: value >= goal };
    }

    say(`depth: ${size.small} pending, then ${size.large}`);
    await drop(pool);
    await aBacklog(pool, size.small);
    const shallow = await claimMs(pool, loops);
    await aBacklog(pool, size.large - size.small);
    figures['depth'] = times(await claimMs(pool, loops), shallow, 1.2);
    say('parked: 100,000 rows that wait for a later retry');
    await drop(pool);
    await aBacklog(pool, size.small);
    const free = await claimMs(pool, loops);
    const parked = await aBacklog(pool, quick ? 10_000 : 100_000);
    await parkForLater(pool, parked);
    figures['parked'] = times(await claimMs(pool, loops), free, 1.3);
    return { machine: machine(database.facts), figures };
  } finally {
    await database.close();
  }
}

function rated(value: number, limit: number, goal: string, met: boolean): Figure {
  return { value, unit: 'mails/s', limit, ratio: value / limit, goal, met };
}

function times(value: number, limit: number, most: number): Figure {
  const ratio = value / limit;
  return { value, unit: 'ms', limit, ratio, goal: `p50 ≤ ${most} ×`, met: ratio <= most };
}

async function aLoop(pool: pg.Pool): Promise<Loop> {
  const serviceId = randomUUID();
  await pool.query(
    `select app_private.create_email_service($1::uuid, $1::uuid::text, 'engagelab', 'bench.example', null, null, 0, 1000, null, 'UTC', 15000, true, '')`,
    [serviceId],
  );
  await pool.query(`update app_public.email_services set lease_ms = 3600000 where id = $1`, [serviceId]);
  const loopToken = await takeLoop(pool, serviceId, 'bench');
  if (loopToken === null) throw new Error('the loop is taken');
  return { serviceId, loopToken };
}

/** Mails a second that the loops take from pending to sent, each by a client of its own. */
async function mailsPerSecond(pool: pg.Pool, loops: Loop[], batch: number, seconds: number): Promise<number> {
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const sent = await Promise.all(loops.map((loop) => sendUntil(pool, loop, batch, until)));
  return (sent.reduce((sum, count) => sum + count, 0) / (performance.now() - startedAt)) * 1_000;
}

async function sendUntil(pool: pg.Pool, loop: Loop, batch: number, until: number): Promise<number> {
  const client = await pool.connect();
  let sent = 0;
  try {
    while (performance.now() < until) {
      const claim = await claimSubTasks(client, loop.serviceId, loop.loopToken, batch);
      if (claim.outcome !== 'claimed') {
        if (claim.outcome === 'no_work') break;
        continue;
      }
      await beginSends(client, claim.claimToken, claim.subTaskIds);
      await completeSends(client, loop.serviceId, claim.claimToken, claim.subTaskIds.map(accepted));
      sent += claim.subTaskIds.length;
    }
  } finally {
    client.release();
  }
  return sent;
}

function accepted(id: string): SendResult {
  return {
    id,
    kind: 'accepted',
    messageId: id,
    code: null,
    message: null,
    response: 'ok',
    roundTripMs: 1,
    retryAfterMs: null,
  };
}

/** The middle of 300 claims of one row, in ms. */
async function claimMs(pool: pg.Pool, loops: Loop[]): Promise<number> {
  const [loop] = loops;
  if (loop === undefined) throw new Error('no loop');
  const client = await pool.connect();
  const taken: number[] = [];
  try {
    for (let n = 0; n < 350; n += 1) {
      const startedAt = performance.now();
      const claim = await claimSubTasks(client, loop.serviceId, loop.loopToken, 1);
      if (n >= 50) taken.push(performance.now() - startedAt);
      if (claim.outcome !== 'claimed') throw new Error(`nothing was claimed: ${claim.outcome}`);
      await beginSends(client, claim.claimToken, claim.subTaskIds);
      await completeSends(client, loop.serviceId, claim.claimToken, claim.subTaskIds.map(accepted));
    }
  } finally {
    client.release();
  }
  return percentile(taken, 0.5);
}

async function updatesPerSecond(pool: pg.Pool, seconds: number): Promise<number> {
  await pool.query('create table if not exists public.bench_rows (id integer primary key, value integer not null)');
  await pool.query(
    'insert into public.bench_rows select n, 0 from generate_series(1, 10000) as n on conflict do nothing',
  );
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const counts = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      let count = 0;
      for (; performance.now() < until; count += 1) {
        const id = 1 + ((client * 625 + count) % 10_000);
        await pool.query({
          name: 'bench_update',
          text: 'update public.bench_rows set value = value + 1 where id = $1',
          values: [id],
        });
      }
      return count;
    }),
  );
  return (counts.reduce((sum, count) => sum + count, 0) / (performance.now() - startedAt)) * 1_000;
}

async function drop(pool: pg.Pool): Promise<void> {
  await pool.query(
    'truncate app_public.sub_tasks, app_public.sub_task_mails, app_hidden.sub_task_changes, app_hidden.task_counter_changes',
  );
  await pool.query('delete from app_public.tasks');
}
