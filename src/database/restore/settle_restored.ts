import type { TakenMail } from '../../providers/provider.ts';
import type { Queryable } from '../pool.ts';

export interface Recorded extends TakenMail {
  readonly serviceId: string;
}

/** Marks waiting mails of paused Tasks as sent that providers' records have. @returns how many */
export async function settleRestored(db: Queryable, since: Date, records: readonly Recorded[]): Promise<number> {
  const { rows } = await db.query<{ settled: number }>(
    'select app_hidden.settle_restored($1, $2, $3, $4, $5) as settled',
    [
      since,
      records.map(({ serviceId }) => serviceId),
      records.map(({ recipient }) => recipient),
      records.map(({ messageId }) => messageId),
      records.map(({ takenAt }) => takenAt),
    ],
  );
  return rows[0]?.settled ?? 0;
}
