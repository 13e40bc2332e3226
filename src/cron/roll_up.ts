import type { Task } from 'graphile-worker';
import { rollUpHour } from '../database/rollup/roll_up_hour.ts';
import type { WorkerContext } from '../worker/context.ts';

export type RollUpContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'>;

export function rollUp(context: RollUpContext): Task {
  return () => rollUpAll(context);
}

/** Closes the hours that are over, one transaction each, however many there are after a time without a worker. */
export async function rollUpAll({ db, log, stopping }: RollUpContext): Promise<void> {
  let hours = 0;
  let waits = 0;
  while (!stopping.aborted) {
    const outcome = await rollUpHour(db);
    // The first wait is for what ran while it was asked, which is over mostly. A second is for something long: the next run asks again.
    if (outcome === 'up_to_date' || (outcome === 'waiting' && ++waits > 1)) break;
    if (outcome === 'rolled_up') hours++;
  }
  if (hours > 1) log.info({ hours }, 'closed hours of the statistics');
}
