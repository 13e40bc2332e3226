import type { Queryable } from '../pool.ts';

/** Does the next chunk of an erasure. @returns whether there is more to do */
export async function continueErasure(db: Queryable, erasureId: string, limit: number): Promise<boolean> {
  const { rows } = await db.query<{ more: boolean }>({
    name: 'continue_erasure',
    text: 'select app_private.continue_erasure($1, $2) as more',
    values: [erasureId, limit],
  });
  return rows[0]?.more ?? false;
}
