import type { Queryable } from '../pool.ts';

/**
 * Says what came of sending a message.
 * @param error null: it was taken
 * @param isFinal it is not tried again
 * @returns sent, to be repeated or given up; gone, with its channel
 */
export async function settleDelivery(
  db: Queryable,
  id: string,
  error: string | null,
  isFinal: boolean,
): Promise<string> {
  const { rows } = await db.query<{ outcome: string | null }>(
    'select app_private.settle_delivery($1, $2, $3) as outcome',
    [id, error, isFinal],
  );
  return rows[0]?.outcome ?? 'gone';
}
