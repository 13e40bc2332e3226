import type { TaskList } from 'graphile-worker';
import type { WorkerContext } from '../worker/context.ts';
import { lookUpUncertain } from './look_up_uncertain.ts';
import { prune } from './prune.ts';
import { reap } from './reap.ts';

/** The handlers named in the crontab. */
export function cronHandlers(context: WorkerContext): TaskList {
  return { reap: reap(context), prune: prune(context), look_up_uncertain: lookUpUncertain(context) };
}
