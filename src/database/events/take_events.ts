import type { Queryable } from '../pool.ts';
import { safeInteger } from '../pool.ts';

export interface LoggedBody {
  id: number;
  provider: string;
  receivedAt: Date;
  /** As they were recorded, names in lower case. */
  headers: Record<string, string | string[]>;
  body: Buffer;
  /** How often it was tried before. */
  attempts: number;
}

interface Row {
  id: string;
  provider: string;
  received_at: Date;
  headers: Record<string, string | string[]>;
  body: Buffer;
  attempts: number;
}

/** Locks and reads up to `limit` unprocessed webhook bodies, for the transaction it is called in. */
export async function takeEvents(db: Queryable, limit: number): Promise<LoggedBody[]> {
  const { rows } = await db.query<Row>(
    'select id, provider, received_at, headers, body, attempts from app_private.take_events($1)',
    [limit],
  );
  return rows.map((row) => ({
    id: safeInteger(row.id),
    provider: row.provider,
    receivedAt: row.received_at,
    headers: row.headers,
    body: row.body,
    attempts: row.attempts,
  }));
}
