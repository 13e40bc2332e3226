import type { Queryable } from '../pool.ts';

/** Wakes the services that a Task under way may use. */
export async function wakeServicesOfTask(db: Queryable, taskId: string): Promise<void> {
  await db.query('select app_private.wake_services_of_task($1)', [taskId]);
}
