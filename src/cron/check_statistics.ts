import type { Task } from 'graphile-worker';
import { codeOf } from '../database/error_code.ts';
import { recountTask } from '../database/statistics/recount_task.ts';
import { takeTasksToCheck } from '../database/statistics/take_tasks_to_check.ts';
import type { WorkerContext } from '../worker/context.ts';

const tasks = 20;
/** Rows to be counted in one run, but for a Task that has more. */
const mails = 500_000;

export type CheckContext = Pick<WorkerContext, 'db' | 'log' | 'stopping'>;

export function checkStatistics(context: CheckContext): Task {
  return () => checkSome(context);
}

/** Compares the statistics of a few Tasks with their rows, in turn. A drift is a mistake of ours: it is mended, and said loudly. */
export async function checkSome({ db, log, stopping }: CheckContext): Promise<void> {
  for (const taskId of await takeTasksToCheck(db, tasks, mails)) {
    if (stopping.aborted) return;
    const drift = await recountTask(db, taskId, { dryRun: false, why: 'checked by the crontab' }).catch(whenDeleted);
    if (drift.length > 0) log.error({ taskId, drift }, 'the statistics of a Task had drifted from its rows; mended');
  }
}

function whenDeleted(error: unknown): [] {
  if (codeOf(error) === 'NTFND') return [];
  throw error;
}
