import type { Queryable } from '../pool.ts';

/** Says of webhook bodies that they are applied, and how many events each held. */
export async function finishEvents(db: Queryable, logs: { id: number; eventCount: number }[]): Promise<void> {
  await db.query('select app_private.finish_events($1, $2)', [
    logs.map((log) => log.id),
    logs.map((log) => log.eventCount),
  ]);
}
