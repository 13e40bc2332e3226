import type { Task } from 'graphile-worker';
import { resumeInbox } from '../database/events/resume_inbox.ts';
import { deleteDeadJobs } from '../database/pools/delete_dead_jobs.ts';
import type { WorkerContext } from '../worker/context.ts';
import { sweep } from '../worker/sweep.ts';

/** In the audit trail. */
const why = 'found by the crontab';

/** The net under the supervisors' own sweeps: whatever crashes leave behind is settled within a minute, wherever a worker lives. */
export function reap({ db, log, meters }: WorkerContext): Task {
  return async () => {
    await sweep(db, log, meters?.leases);
    await deleteDeadJobs(db, why);
    const webhooks = await resumeInbox(db, why);
    if (webhooks > 0)
      log.warn({ webhooks }, 'webhooks were waiting and nobody was told to apply them; they are applied now');
  };
}
