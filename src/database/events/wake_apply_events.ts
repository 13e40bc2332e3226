import type { Queryable } from '../pool.ts';

/** Has the inbox applied at once. Called at most every 100 ms, never within the transaction that takes a webhook in. */
export async function wakeApplyEvents(db: Queryable): Promise<void> {
  await db.query('select app_private.wake_apply_events()');
}
