import type { Queryable } from '../pool.ts';

/** Says of a queued Task that its first mail is on its way. */
export async function markSending(db: Queryable, taskId: string): Promise<void> {
  await db.query({ name: 'mark_sending', text: 'select app_private.mark_sending(array[$1::uuid])', values: [taskId] });
}
