import type { Task } from 'graphile-worker';
import { mendPartitions } from '../database/retention/mend_partitions.ts';
import { patiently } from '../database/retention/patiently.ts';
import type { WorkerContext } from '../worker/context.ts';

const monthsAhead = 3;

/** The months of the inbox to come. They are prepared so early that a missing one means that somebody dropped it, or that no worker ran for months. */
export function partitions({ db, log, stopping }: WorkerContext): Task {
  return async () => {
    const missing = await patiently({ log, stopping, again: 'the next hour' }, 'the months to come', () =>
      mendPartitions(db, monthsAhead, 'found by the crontab'),
    );
    if (missing !== null && missing > 0) log.warn({ missing }, 'months of the inbox were missing; made');
  };
}
