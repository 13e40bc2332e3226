import type { Queryable } from '../pool.ts';
import { safeInteger } from '../pool.ts';

export interface LoggedBody {
  id: number;
  provider: string;
  receivedAt: Date;
  body: Buffer;
}

interface Row {
  id: string;
  provider: string;
  received_at: Date;
  body: Buffer;
}

/** Locks and reads up to `limit` unprocessed webhook bodies, for the transaction it is called in. */
export async function takeEvents(db: Queryable, limit: number): Promise<LoggedBody[]> {
  const { rows } = await db.query<Row>('select id, provider, received_at, body from app_private.take_events($1)', [
    limit,
  ]);
  return rows.map((row) => ({
    id: safeInteger(row.id),
    provider: row.provider,
    receivedAt: row.received_at,
    body: row.body,
  }));
}
