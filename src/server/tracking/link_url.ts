import type { Queryable } from '../../database/pool.ts';

/** Where a tracked link leads, by its number from 0; null when there is no such link. */
export async function linkUrl(db: Queryable, trackingId: string, number: number): Promise<string | null> {
  const { rows } = await db.query<{ url: string | null }>({
    name: 'link_url',
    text: 'select app_private.link_url($1, $2) as url',
    values: [trackingId, number],
  });
  return rows[0]?.url ?? null;
}
