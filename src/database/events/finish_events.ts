import type { Queryable } from '../pool.ts';
import type { LogKey } from './take_events.ts';

/** Says of webhook bodies that they are applied, and how many events each held. */
export async function finishEvents(db: Queryable, logs: readonly (LogKey & { eventCount: number })[]): Promise<void> {
  if (logs.length === 0) return;
  await db.query({
    name: 'finish_events',
    text: 'select app_private.finish_events($1, $2, $3)',
    values: [
      logs.map(({ id }) => id),
      logs.map(({ receivedAt }) => receivedAt),
      logs.map(({ eventCount }) => eventCount),
    ],
  });
}
