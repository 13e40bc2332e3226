// The job behind the inbox. A run ends after some seconds and stores the next, so that a long backlog leaves the runner's slots to others in between.
import type { Task } from 'graphile-worker';
import { wakeApplyEvents } from '../database/events/wake_apply_events.ts';
import type { WorkerContext } from '../worker/context.ts';
import { applyBatch } from './inbox/apply_batch.ts';

const batchSize = 1_000;
const longestRunMs = 5_000;

export type InboxContext = Pick<WorkerContext, 'db' | 'config' | 'log' | 'stopping' | 'meters'>;

export function applyEvents(context: InboxContext): Task {
  return async () => {
    const until = performance.now() + longestRunMs;
    while (!context.stopping.aborted) {
      if ((await applyBatch(context, batchSize)) === 0) return;
      if (performance.now() > until) return wakeApplyEvents(context.db);
    }
  };
}
