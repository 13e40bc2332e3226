import type { Queryable } from '../pool.ts';

export interface Recipient {
  id: string;
  email: string;
  name: string | null;
  attributes: Record<string, unknown>;
}

export interface Batch {
  number: number;
  contacts: Recipient[];
}

/** The next batch of recipients with a number above `after`; null after the last. */
export async function readBatch(db: Queryable, taskId: string, after: number): Promise<Batch | null> {
  const { rows } = await db.query<{ number: number; contacts: Recipient[] }>({
    name: 'read_batch',
    text: 'select number, contacts from app_private.read_batch($1, $2)',
    values: [taskId, after],
  });
  return rows[0] ?? null;
}
