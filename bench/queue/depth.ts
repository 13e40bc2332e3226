import { aBacklog } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { claimMs } from './claim_time.ts';
import { aLoop } from './loops.ts';
import { type Figures, type Stage, timesLimit } from './stage.ts';

/** A claim from a deep backlog, against one from a shallow one. */
export async function depth({ pool, quick }: Stage): Promise<Figures> {
  const [few, many] = quick ? [1_000, 10_000] : [10_000, 1_000_000];
  say(`depth: ${few.toLocaleString('en')} pending, then ${many.toLocaleString('en')}`);
  const loop = await aLoop(pool);
  await aBacklog(pool, few);
  const shallow = await claimMs(pool, loop);
  await aBacklog(pool, many - few);
  return { depth: timesLimit(await claimMs(pool, loop), shallow, 'ms', 1.2, 'p50 ≤ 1.2 ×') };
}
