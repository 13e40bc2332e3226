import type { Task } from 'graphile-worker';
import { z } from 'zod';
import type { Queryable } from '../database/pool.ts';
import { type BulkVerb, bulkVerbs, changeBatch } from '../database/queue/change_batch.ts';
import { wakeServicesOfTask } from '../database/services/wake_services_of_task.ts';
import type { WorkerContext } from '../worker/context.ts';

const payloadSchema = z.object({ taskId: z.uuid(), verb: z.enum(bulkVerbs), errorCode: z.string().nullable() });

const chunk = 1_000;

/** A bulk verb on a Task's SubTasks (cancel, retry failed, resend uncertain), chunk by chunk, each its own transaction. Killed, it begins again and finds what is left. */
export function changeSubTasks({ db, log }: Pick<WorkerContext, 'db' | 'log'>): Task {
  return async (payload) => {
    const { taskId, verb, errorCode } = payloadSchema.parse(payload);
    const rows = await changeAll(db, taskId, verb, errorCode);
    log.info({ taskId, verb, rows }, 'changed a task');
  };
}

/** @param why where it is a repair, not somebody's verb. @returns how many rows. */
export async function changeAll(
  db: Queryable,
  taskId: string,
  verb: BulkVerb,
  errorCode: string | null,
  why: string | null = null,
): Promise<number> {
  let rows = 0;
  for (let count = chunk; count > 0; rows += count) count = await changeBatch(db, taskId, verb, errorCode, chunk, why);
  if (rows > 0 && verb !== 'cancel') await wakeServicesOfTask(db, taskId);
  return rows;
}
