import type { Task } from 'graphile-worker';
import { wakeApplyEvents } from '../database/events/wake_apply_events.ts';
import { deleteDeadJobs } from '../database/pools/delete_dead_jobs.ts';
import type { WorkerContext } from '../worker/context.ts';
import { sweep } from '../worker/sweep.ts';

/** The net under the supervisors' own sweeps: whatever crashes leave behind is settled within a minute, wherever a worker lives. */
export function reap({ db, log, meters }: WorkerContext): Task {
  return async () => {
    await sweep(db, log, meters?.leases);
    await deleteDeadJobs(db);
    await wakeApplyEvents(db);
  };
}
