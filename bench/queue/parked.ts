import { aBacklog, parkForLater } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { claimMs } from './claim_time.ts';
import { aLoop } from './loops.ts';
import { type Figures, type Stage, timesLimit } from './stage.ts';

/** A claim beside rows that wait for a later retry, against one without them, in two databases in turn. */
export async function parked(stage: Stage): Promise<Figures> {
  const [pending, waiting] = stage.quick ? [1_000, 5_000] : [10_000, 100_000];
  say(`parked: ${waiting.toLocaleString('en')} rows that wait for a later retry`);
  const other = await stage.beside();
  try {
    const places = {
      free: { ...other, loop: await aLoop(other.pool) },
      parked: { ...stage, loop: await aLoop(stage.pool) },
    };
    await aBacklog(other.pool, pending);
    await aBacklog(stage.pool, pending);
    await parkForLater(stage.pool, await aBacklog(stage.pool, waiting));
    const { free, parked } = await claimMs(places);
    return { parked: timesLimit(parked, free, 'ms', 1.3, 'p50 ≤ 1.3 ×') };
  } finally {
    await other.close();
  }
}
