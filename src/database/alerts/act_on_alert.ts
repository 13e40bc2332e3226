import type { Queryable } from '../pool.ts';

/** Does what its rule wants done about one critical alert. @returns its id; null: there is none left */
export async function actOnAlert(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ id: string | null }>('select app_private.act_on_alert() as id');
  return rows[0]?.id ?? null;
}
