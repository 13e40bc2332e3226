import type { Queryable } from '../../database/pool.ts';
import { toContext, type UnsubscribeContext } from './unsubscribe_context.ts';

/** No mail that is begun from now on goes to that address from that workspace. @returns null when there is no such mail. */
export async function unsubscribeAddress(db: Queryable, trackingId: string): Promise<UnsubscribeContext | null> {
  const { rows } = await db.query<Parameters<typeof toContext>[0] & object>({
    name: 'unsubscribe',
    text: 'select * from app_private.unsubscribe($1)',
    values: [trackingId],
  });
  return toContext(rows[0]);
}
