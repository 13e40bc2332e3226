// A runner's heart: says on database time that it lives, and ends the process when that can't be true any more.
import type { WorkerEvents } from 'graphile-worker';
import type { Queryable } from '../database/pool.ts';
import { beatPool } from '../database/pools/beat_pool.ts';
import { unlockLostJobs } from '../database/pools/unlock_lost_jobs.ts';
import type { Logger } from '../log.ts';
import { JobsAtHand } from './jobs_at_hand.ts';

export const beatEveryMs = 2_000;
/** A runner that the database has not heard for so long ends: below the 15 s after which others give a silent pool up and act in its stead. */
export const silentForMs = 10_000;
const pollOverdueMs = 15_000;

interface Options {
  db: Queryable;
  log: Logger;
  poolId: () => string;
  events: WorkerEvents;
  concurrency: number;
  stopping: AbortSignal;
}

/** Beats until the interval it returns is cleared. */
export function keepAlive({ db, log, poolId, events, concurrency, stopping }: Options): NodeJS.Timeout {
  let beatAt = performance.now();
  let polledAt = performance.now();
  const jobs = new JobsAtHand(events);
  let beating = false;
  events.on('worker:getJob:start', () => {
    polledAt = performance.now();
  });
  events.on('job:complete', () => {
    polledAt = performance.now();
  });

  async function beat(): Promise<void> {
    if (beating) return;
    beating = true;
    try {
      if (!(await beatPool(db, poolId()))) return end('it was given up by others');
      beatAt = performance.now();
      const stuck = jobs.running < concurrency && performance.now() - polledAt > pollOverdueMs;
      if (stuck && !stopping.aborted) end('it has free slots and asks for no jobs');
      const lost = await unlockLostJobs(db, poolId(), jobs.ids(), 'its runner does not work on it');
      if (lost > 0) log.warn({ jobs: lost }, 'unlocked jobs that were given to this runner and never came');
    } catch (error) {
      log.warn({ err: error }, 'a heartbeat failed');
    } finally {
      beating = false;
    }
  }

  function end(why: string): void {
    log.error(`this runner ends itself: ${why}`);
    process.exit(1);
  }

  return setInterval(() => {
    if (performance.now() - beatAt > silentForMs) end('the database took no heartbeat for 10 s');
    void beat();
  }, beatEveryMs);
}
