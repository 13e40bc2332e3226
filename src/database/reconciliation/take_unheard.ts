import type { KnownMail } from '../../providers/provider.ts';
import type { Queryable } from '../pool.ts';

/** A stretch of the ledger, and the mails in it that nothing was heard of. */
export interface Unheard {
  /** Where the next stretch begins, for finishUnheard: as the database wrote it, to the microsecond. */
  readonly position: string;
  readonly mails: KnownMail[];
}

interface Row {
  position: string | null;
  message_ids: string[];
  from_times: Date[];
  until_times: Date[];
}

/** Takes the next stretch of a service for mails sent `age` ago (an interval). @returns null when there is none, or somebody else has it. */
export async function takeUnheard(
  db: Queryable,
  serviceId: string,
  age: string,
  limit: number,
): Promise<Unheard | null> {
  const { rows } = await db.query<Row>(
    'select position::text, message_ids, from_times, until_times from app_private.take_unheard($1, $2, $3)',
    [serviceId, age, limit],
  );
  const [row] = rows;
  if (row === undefined || row.position === null) return null;
  return { position: row.position, mails: row.message_ids.flatMap((messageId, i) => mailOf(row, messageId, i)) };
}

function mailOf(row: Row, messageId: string, i: number): KnownMail[] {
  const from = row.from_times[i];
  const until = row.until_times[i];
  return from === undefined || until === undefined ? [] : [{ messageId, from, until }];
}
