import type { Queryable } from '../../database/pool.ts';

/** What a page may say about the mail whose link was opened. */
export interface UnsubscribeContext {
  /** As it stands in the Contact's attributes: a language tag, if they are kept well. */
  readonly language: string | null;
  readonly senderName: string | null;
  /** m•••@example.com */
  readonly maskedAddress: string;
}

interface Row {
  language: string | null;
  sender_name: string | null;
  masked_address: string;
}

/** @returns null when there is no such mail, or no longer. */
export async function unsubscribeContext(db: Queryable, trackingId: string): Promise<UnsubscribeContext | null> {
  const { rows } = await db.query<Row>({
    name: 'unsubscribe_context',
    text: 'select * from app_private.unsubscribe_context($1)',
    values: [trackingId],
  });
  return toContext(rows[0]);
}

export function toContext(row: Row | undefined): UnsubscribeContext | null {
  if (row === undefined) return null;
  return { language: row.language, senderName: row.sender_name, maskedAddress: row.masked_address };
}
