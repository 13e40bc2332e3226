import { aBacklog, parkForLater } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { claimMs } from './claim_time.ts';
import { aLoop } from './loops.ts';
import { type Figures, type Stage, timesLimit } from './stage.ts';

/** A claim beside rows that wait for a later retry, against one without them. */
export async function parked({ pool, quick }: Stage): Promise<Figures> {
  const [pending, waiting] = quick ? [1_000, 5_000] : [10_000, 100_000];
  say(`parked: ${waiting.toLocaleString('en')} rows that wait for a later retry`);
  const loop = await aLoop(pool);
  await aBacklog(pool, pending);
  const free = await claimMs(pool, loop);
  await parkForLater(pool, await aBacklog(pool, waiting));
  return { parked: timesLimit(await claimMs(pool, loop), free, 'ms', 1.3, 'p50 ≤ 1.3 ×') };
}
