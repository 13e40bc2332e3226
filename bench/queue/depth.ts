import { aBacklog } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { claimMs } from './claim_time.ts';
import { aLoop } from './loops.ts';
import { type Figures, type Stage, timesLimit } from './stage.ts';

/** A claim from a deep backlog, against one from a shallow one, in two databases in turn. */
export async function depth(stage: Stage): Promise<Figures> {
  const [few, many] = stage.quick ? [1_000, 10_000] : [10_000, 1_000_000];
  say(`depth: ${few.toLocaleString('en')} pending beside ${many.toLocaleString('en')}`);
  const other = await stage.beside();
  try {
    const places = {
      shallow: { ...other, loop: await aLoop(other.pool) },
      deep: { ...stage, loop: await aLoop(stage.pool) },
    };
    await aBacklog(other.pool, few);
    await aBacklog(stage.pool, many);
    const { shallow, deep } = await claimMs(places);
    return { depth: timesLimit(deep, shallow, 'ms', 1.2, 'p50 ≤ 1.2 ×') };
  } finally {
    await other.close();
  }
}
