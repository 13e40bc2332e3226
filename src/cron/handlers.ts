import type { TaskList } from 'graphile-worker';
import type { WorkerContext } from '../worker/context.ts';
import { checkStatistics } from './check_statistics.ts';
import { lookUpUncertain } from './look_up_uncertain.ts';
import { partitions } from './partitions.ts';
import { prune } from './prune.ts';
import { reap } from './reap.ts';
import { reconcile } from './reconcile.ts';
import { retention } from './retention.ts';
import { rollUp } from './roll_up.ts';

/** The handlers named in the crontab. */
export function cronHandlers(context: WorkerContext): TaskList {
  return {
    reap: reap(context),
    look_up_uncertain: lookUpUncertain(context),
    reconcile: reconcile(context),
    check_statistics: checkStatistics(context),
    roll_up: rollUp(context),
    partitions: partitions(context),
    prune: prune(context),
    retention: retention(context),
  };
}
