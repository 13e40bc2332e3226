import type { Queryable } from '../../database/pool.ts';

/** Has the inbox applied at once. */
export async function wakeApplyEvents(db: Queryable): Promise<void> {
  await db.query({ name: 'wake_apply_events', text: 'select app_private.wake_apply_events()' });
}
