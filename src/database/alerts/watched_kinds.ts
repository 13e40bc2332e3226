import type { Queryable } from '../pool.ts';

/** The kinds of alerts there are rules for, switched off or not. */
export async function watchedKinds(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ kind: string }>('select kind from app_private.watched_kinds() as kind');
  return rows.map(({ kind }) => kind);
}
