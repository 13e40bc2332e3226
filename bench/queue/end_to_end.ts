// The real worker at full rate: supervisor, runners, loops, hand-over and completion; only the provider has no wire.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { seal } from '../../src/database/sealed.ts';
import { loadSecret } from '../../src/database/secret.ts';
import { testSecret } from '../../test/support/campaign.ts';
import { aService } from '../../test/support/scene.ts';
import { aBacklog, clear } from '../support/backlog.ts';
import { watchMemory } from '../support/memory.ts';
import { percentile } from '../support/percentile.ts';
import { type Figure, say } from '../support/report.ts';
import { sendRunnerPid, wakeServices, withWorker } from '../support/worker.ts';
import { inBatches } from './batched.ts';
import { atLeast, atMost, type Figures, type Stage, timesLimit } from './stage.ts';

const services = 8;
const goalPerSecond = 5_000;
/** For runners: a provider without a wire. */
export const loadNoopProvider = ['--import', import.meta.resolve('./noop_provider.ts')];

/** @param nodeArguments for the runners, such as a profile. */
export async function endToEnd(stage: Stage, nodeArguments: readonly string[] = []): Promise<Figures> {
  const { pool, url, quick } = stage;
  say('end to end: the same by SQL alone');
  const limit = await inBatches(stage, 200);
  await clear(pool);
  await someRatedServices(pool);
  // Enough for all of its seconds: what the process grows by at first must not pass for a slope.
  const taskId = await aBacklog(pool, quick ? 10_000 : 2_000_000);
  say('end to end: through the real worker');
  const memory = await withWorker(url, [...loadNoopProvider, ...nodeArguments], () =>
    sendFor(pool, taskId, quick ? 4 : 80),
  );
  return { endToEnd: rate(await sentPerSecond(pool, taskId), limit), ...memoryFigures(memory) };
}

export async function someRatedServices(pool: pg.Pool): Promise<void> {
  const { encryption } = await loadSecret({ POSTILION_SECRET: testSecret }, '');
  for (let number = 1; number <= services; number += 1) {
    const id = crypto.randomUUID();
    const sealed = seal(encryption, id, {});
    await aService(pool, { id, provider: 'noop', intervalMs: 0, maxInFlight: 1_000, sealed });
  }
}

/** @returns the resident memory of the runner meanwhile, in MB. */
async function sendFor(pool: pg.Pool, taskId: string, seconds: number): Promise<readonly number[]> {
  using memory = watchMemory(await sendRunnerPid(pool), 100);
  const until = performance.now() + seconds * 1_000;
  await wakeServices(pool, taskId);
  while (performance.now() < until && !(await isCompleted(pool, taskId))) await sleep(100);
  return memory.samples;
}

async function isCompleted(pool: pg.Pool, taskId: string): Promise<boolean> {
  const { rowCount } = await pool.query(`select from app_public.tasks where id = $1 and status = 'completed'`, [
    taskId,
  ]);
  return rowCount === 1;
}

/** From the first mail to the last, by the rows. @throws Error when one of them was not accepted at its first hand-over. */
export async function sentPerSecond(pool: pg.Pool, taskId: string): Promise<number> {
  const { rows } = await pool.query<{ sent: number; seconds: number; odd: number }>(
    `select count(sent_at)::integer as sent, extract(epoch from max(sent_at) - min(sent_at))::float8 as seconds,
            count(*) filter (where status not in ('pending', 'sent') or attempts > 1)::integer as odd
       from app_public.sub_tasks where task_id = $1`,
    [taskId],
  );
  const [row] = rows;
  if (row === undefined || row.sent === 0) throw new Error('the worker sent nothing');
  if (row.odd > 0) throw new Error(`${row.odd} mails were not accepted at their first hand-over`);
  return row.sent / row.seconds;
}

function rate(value: number, limit: number): Figure {
  return { ...atLeast(value, 'mails/s', goalPerSecond), limit, ratio: value / limit };
}

/**
 * The peak, and whether it grows: the middle of the second half against that of the first. Garbage that V8 has not collected yet counts, and
 * of that there is more at first: the heap held 65 MB after 100 s without a full collection, and 22 to 27 MB after each where they were forced.
 */
function memoryFigures(samples: readonly number[]): Figures {
  const half = Math.ceil(samples.length / 2);
  const [first, second] = [percentile(samples.slice(0, half), 0.5), percentile(samples.slice(-half), 0.5)];
  return {
    memoryFullRate: atMost(Math.max(...samples), 'MB', 300),
    memoryFullRateGrowth: timesLimit(second, first, 'MB', 1.1, 'second half ≤ 1.1 × first half'),
  };
}
