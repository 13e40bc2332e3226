import type { Queryable } from '../../database/pool.ts';
import type { Recording } from './recorder.ts';

/** Stores bodies exactly as they came, in one statement. */
export async function recordEvents(db: Queryable, rows: readonly Recording[]): Promise<void> {
  await db.query({
    name: 'record_events',
    text: 'select app_private.record_events($1::text[], $2::text[], $3::jsonb[], $4::bytea[], $5::uuid[])',
    values: [
      rows.map(({ provider }) => provider),
      rows.map(({ path }) => path),
      rows.map(({ headers }) => JSON.stringify(headers)),
      rows.map(({ body }) => body),
      rows.map(({ serviceId }) => serviceId ?? null),
    ],
  });
}
