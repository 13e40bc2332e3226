import { aBacklog, clear } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { mailsPerSecond, someLoops } from './loops.ts';
import { atLeast, type Figures, type Stage } from './stage.ts';

/** Mails in batches, by eight services. */
export async function batched(stage: Stage): Promise<Figures> {
  return {
    batched20: atLeast(await inBatches(stage, 20), 'mails/s', 12_000),
    batched200: atLeast(await inBatches(stage, 200), 'mails/s', 30_000),
  };
}

/** Mails a second that eight loops take through an own backlog by SQL alone. */
export async function inBatches({ pool, quick, seconds }: Stage, batch: number): Promise<number> {
  say(`in batches of ${batch}`);
  await clear(pool);
  await aBacklog(pool, quick ? 10_000 : 400_000);
  return mailsPerSecond(pool, await someLoops(pool, 8), batch, seconds);
}
