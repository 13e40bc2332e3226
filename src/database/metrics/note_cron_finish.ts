import type { Queryable } from '../pool.ts';

/** Says that a handler of the crontab finished just now, without an error. */
export async function noteCronFinish(db: Queryable, handler: string): Promise<void> {
  await db.query('select app_private.note_cron_finish($1)', [handler]);
}
