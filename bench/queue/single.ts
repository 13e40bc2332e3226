import { aBacklog } from '../support/backlog.ts';
import { say } from '../support/report.ts';
import { durableUpdatesPerSecond } from './durable_updates.ts';
import { mailsPerSecond, someLoops } from './loops.ts';
import type { Figures, Stage } from './stage.ts';

const clients = 16;
/** A mail by itself is claimed, begun and completed. */
const statementsPerMail = 3;

/** Mails one by one, against a third of the single-row updates the same clients can commit. */
export async function single({ pool, quick, seconds }: Stage): Promise<Figures> {
  say('single-row updates, committed: the limit');
  const limit = (await durableUpdatesPerSecond(pool, clients, seconds)) / statementsPerMail;
  say('one by one');
  await aBacklog(pool, quick ? 4_000 : 60_000);
  const value = await mailsPerSecond(pool, await someLoops(pool, clients), 1, seconds);
  const ratio = value / limit;
  const goal = 'at least 700/s and 0.15 of the limit';
  return { single: { value, unit: 'mails/s', limit, ratio, goal, met: value >= 700 && ratio >= 0.15 } };
}
