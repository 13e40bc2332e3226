import type { Queryable } from '../pool.ts';
import type { LogKey } from './take_events.ts';

/** Keeps the errors of webhook bodies. `isFinal`: they are parked; otherwise tried again, ever later, ten times. */
export async function failEvents(
  db: Queryable,
  logs: readonly (LogKey & { error: string })[],
  isFinal: boolean,
): Promise<void> {
  if (logs.length === 0) return;
  await db.query('select app_private.fail_events($1, $2, $3, $4)', [
    logs.map(({ id }) => id),
    logs.map(({ receivedAt }) => receivedAt),
    logs.map(({ error }) => error),
    isFinal,
  ]);
}
