import type { Queryable } from '../../database/pool.ts';

export interface Link {
  readonly trackingId: string;
  /** From 0. */
  readonly number: number;
}

/** Where tracked links lead, in the same order; null: there is no such link. */
export async function linkUrls(db: Queryable, links: readonly Link[]): Promise<(string | null)[]> {
  const { rows } = await db.query<{ urls: (string | null)[] }>({
    name: 'link_urls',
    text: 'select app_private.link_urls($1, $2) as urls',
    values: [links.map(({ trackingId }) => trackingId), links.map(({ number }) => number)],
  });
  return rows[0]?.urls ?? [];
}
