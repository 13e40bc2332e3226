import type { Queryable } from '../pool.ts';
import { safeInteger } from '../pool.ts';

/** A body in the inbox. Both parts are needed to find it: the second says in which month. */
export interface LogKey {
  readonly id: number;
  /** As the database writes it, to the microsecond. */
  readonly receivedAt: string;
}

export interface LoggedBody extends LogKey {
  readonly provider: string;
  /** The service whose path it came in by; null: none is known. */
  readonly serviceId: string | null;
  /** As they were recorded, names in lower case. */
  readonly headers: Record<string, string | string[]>;
  readonly body: Buffer;
  /** Whether what it says may become clear later. */
  readonly mayWait: boolean;
}

interface Row {
  id: string;
  received_at: string;
  provider: string;
  email_service_id: string | null;
  headers: Record<string, string | string[]>;
  body: Buffer;
  may_wait: boolean;
}

/** Locks and reads up to `limit` unprocessed webhook bodies, for the transaction it is called in. */
export async function takeEvents(db: Queryable, limit: number): Promise<LoggedBody[]> {
  const { rows } = await db.query<Row>({
    name: 'take_events',
    text: 'select * from app_private.take_events($1)',
    values: [limit],
  });
  return rows.map((row) => ({
    id: safeInteger(row.id),
    receivedAt: row.received_at,
    provider: row.provider,
    serviceId: row.email_service_id,
    headers: row.headers,
    body: row.body,
    mayWait: row.may_wait,
  }));
}
